/** The quota of a key stands in the scope of every key that shares its room, so that each says what holds for it. */
import type { KeyQuota } from '../records.ts'
import { accessKeys, apiKeys } from '../tables/keys.ts'
import type { KeyStatements } from './key-statements.ts'
import type { Script, SqlEngine } from './script.ts'

/** Bounds all of them anew; how many there are. */
export type BoundKeys = (quota: KeyQuota) => Script<number>

export function createKeyBounding({ query, prepare }: SqlEngine, at: KeyStatements): BoundKeys {
  const setScope = (table: 'api_keys' | 'access_keys') =>
    prepare((v: { id: string; scope: string }) =>
      query.updateTable(table).set({ scope: v.scope }).where('id', '=', v.id),
    )
  const ofApiKey = setScope('api_keys')
  const ofAccessKey = setScope('access_keys')

  return function* (quota) {
    let count = 0
    for (const row of yield* at.apiKeys.all({})) {
      const { id, scope } = apiKeys.toRecord(row)
      if (scope.quota?.keyId !== quota.keyId) continue
      count += yield* ofApiKey.run({ id, scope: JSON.stringify({ ...scope, quota }) })
    }
    for (const row of yield* at.accessKeys.all({})) {
      const { id, scope } = accessKeys.toRecord(row)
      if (scope.quota?.keyId !== quota.keyId) continue
      count += yield* ofAccessKey.run({ id, scope: JSON.stringify({ ...scope, quota }) })
    }
    return count
  }
}
