/** The number that moves with every change to keys, revocations, folders and settings of buckets: how other processes learn of one. */
import { sql } from 'kysely'
import type { Script, SqlEngine } from './script.ts'

export interface EpochScripts {
  read(): Script<number>
  is(epoch: number): Script<boolean>
  advance(): Script<void>
}

export function createEpochScripts({ query, prepare }: SqlEngine): EpochScripts {
  const current = prepare(() => query.selectFrom('key_epoch').select('value'))
  const next = prepare(() =>
    query.updateTable('key_epoch').set((row) => ({ value: row('value', '+', sql.lit(1)) })),
  )
  function* read(): Script<number> {
    return (yield* current.get({}))?.value ?? 0
  }
  return {
    read,
    *is(epoch) {
      return (yield* read()) === epoch
    },
    *advance() {
      yield* next.run({})
    },
  }
}
