/** The number that moves with every change to keys, revocations, folders and settings of buckets: how other processes learn of one. */
import { sql } from 'kysely'
import type { ChangeRights } from '../catalog.ts'
import type { Script, SqlEngine } from './script.ts'

export interface EpochScripts {
  read(): Script<number>
  is(epoch: number): Script<boolean>
  /** False if the rights have to be looked at again. */
  allows(rights: ChangeRights | null): Script<boolean>
  advance(): Script<void>
}

export function createEpochScripts({ query, prepare }: SqlEngine): EpochScripts {
  const current = prepare(() => query.selectFrom('key_epoch').select('value'))
  const next = prepare(() =>
    query.updateTable('key_epoch').set((row) => ({ value: row('value', '+', sql.lit(1)) })),
  )
  const living = (['api_keys', 'access_keys'] as const).map((table) =>
    prepare((v: { id: string }) =>
      query.selectFrom(table).select('id').where('id', '=', v.id).where('revoked_at', 'is', null),
    ),
  )
  function* read(): Script<number> {
    return (yield* current.get({}))?.value ?? 0
  }
  function* isLiving(id: string): Script<boolean> {
    for (const keys of living) if ((yield* keys.get({ id })) !== undefined) return true
    return false
  }
  return {
    read,
    *is(epoch) {
      return (yield* read()) === epoch
    },
    *allows(rights) {
      if (rights === null || (yield* read()) === rights.epoch) return true
      return rights.keyId !== null && (yield* isLiving(rights.keyId))
    },
    *advance() {
      yield* next.run({})
    },
  }
}
