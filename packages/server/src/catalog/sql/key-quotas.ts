/** The quota of a key stands in the scope of every key that shares its room, so that each says what holds for it. */
import type { NewKeyBounds } from '../catalog.ts'
import type { KeyQuota } from '../records.ts'
import { accessKeys, apiKeys } from '../tables/keys.ts'
import type { KeyStatements } from './key-statements.ts'
import type { Script, SqlEngine } from './script.ts'

/** Bounds all of them anew: what holds of the room from then on; `null` if no key has it. */
export type BoundKeys = (keyId: string, bounds: NewKeyBounds) => Script<KeyQuota | null>

export function createKeyBounding({ query, prepare }: SqlEngine, at: KeyStatements): BoundKeys {
  const setScope = (table: 'api_keys' | 'access_keys') =>
    prepare((v: { id: string; scope: string }) =>
      query.updateTable(table).set({ scope: v.scope }).where('id', '=', v.id),
    )
  const ofApiKey = setScope('api_keys')
  const ofAccessKey = setScope('access_keys')

  return function* (keyId, bounds) {
    let found: KeyQuota | null = null
    for (const row of yield* at.apiKeys.all({})) {
      const { id, scope } = apiKeys.toRecord(row)
      if (scope.quota?.keyId !== keyId) continue
      found = { ...scope.quota, ...bounds }
      yield* ofApiKey.run({ id, scope: JSON.stringify({ ...scope, quota: found }) })
    }
    for (const row of yield* at.accessKeys.all({})) {
      const { id, scope } = accessKeys.toRecord(row)
      if (scope.quota?.keyId !== keyId) continue
      found = { ...scope.quota, ...bounds }
      yield* ofAccessKey.run({ id, scope: JSON.stringify({ ...scope, quota: found }) })
    }
    return found
  }
}
