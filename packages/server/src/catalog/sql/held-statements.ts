/** Every statement about files that wait until they were looked at. */
import { sql } from 'kysely'
import type { FilePath } from '../file-steps.ts'
import { heldFiles } from '../tables/held-files.ts'
import type { StoredHeld } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Id {
  heldId: string
}

export type PlacedHeldRow = StoredHeld & { position: number }

export interface HeldPage {
  /** Empty for any. */
  holder: string
  state: string
  bucket: string
  prefix: string
  prefixEnd: string | null
  before: number
  limit: number
}

interface Settled extends Id {
  code: string
  reason: string | null
  nowMs: number
}

export interface HeldStatements extends HeldReads {
  readonly insert: Statement<StoredHeld, unknown>
  readonly remove: Statement<Id, unknown>
  readonly move: Statement<Id & { nextAt: number }, unknown>
  readonly postpone: Statement<Id & { passed: string; nextAt: number; failed: number }, unknown>
  readonly giveBack: Statement<{ nowMs: number }, unknown>
  readonly reject: Statement<Settled, unknown>
  readonly forget: Statement<{ beforeMs: number; limit: number }, unknown>
}

interface HeldReads {
  readonly find: Statement<Id, StoredHeld>
  /** All that wait under a name, the newest first. */
  readonly waitingAt: Statement<FilePath, StoredHeld>
  /** Of each name the oldest alone. */
  readonly due: Statement<{ nowMs: number; limit: number }, StoredHeld>
  readonly page: Statement<HeldPage, PlacedHeldRow>
  readonly tally: Statement<object, { waiting: number; oldestAt: number | null }>
}

const WAITING = sql.lit('waiting')

export function prepareHeldStatements(engine: SqlEngine): HeldStatements {
  const { query, prepare } = engine
  const waiting = query.updateTable('held_files').where('state', '=', WAITING)
  return {
    insert: prepare((v: StoredHeld) => query.insertInto('held_files').values(heldFiles.every(v))),
    remove: prepare((v: Id) => query.deleteFrom('held_files').where('held_id', '=', v.heldId)),
    move: prepare((v: Id & { nextAt: number }) =>
      waiting.set({ next_at: v.nextAt }).where('held_id', '=', v.heldId),
    ),
    postpone: prepare((v: Id & { passed: string; nextAt: number; failed: number }) =>
      waiting
        .set((row) => ({
          passed: v.passed,
          next_at: v.nextAt,
          attempts: row('attempts', '+', v.failed),
        }))
        .where('held_id', '=', v.heldId),
    ),
    giveBack: prepare((v: { nowMs: number }) =>
      waiting.set({ next_at: v.nowMs }).where('next_at', '>', v.nowMs),
    ),
    reject: prepare((v: Settled) =>
      waiting
        .set({ state: 'rejected', ended_at: v.nowMs, code: v.code, reason: v.reason })
        .where('held_id', '=', v.heldId),
    ),
    forget: prepare((v: { beforeMs: number; limit: number }) =>
      query
        .deleteFrom('held_files')
        .where('position', 'in', (from) =>
          from
            .selectFrom('held_files')
            .select('position')
            .where('ended_at', '<', v.beforeMs)
            .orderBy('ended_at')
            .limit(v.limit),
        ),
    ),
    ...prepareReads(engine),
  }
}

function prepareReads({ query, prepare }: SqlEngine): HeldReads {
  const all = query.selectFrom('held_files').select(heldFiles.selection)
  const within = (v: HeldPage) => sql<boolean>`
    (${v.holder} = '' or holder = ${v.holder}) and (${v.state} = '' or state = ${v.state})
    and (${v.bucket} = '' or bucket = ${v.bucket}) and key >= ${v.prefix}
    and (cast(${v.prefixEnd} as text) is null or key < ${v.prefixEnd})`
  return {
    find: prepare((v: Id) => all.where('held_id', '=', v.heldId)),
    waitingAt: prepare((v: FilePath) =>
      all
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key)
        .where('state', '=', WAITING)
        .orderBy('position', 'desc'),
    ),
    due: prepare((v: { nowMs: number; limit: number }) =>
      all
        .where('state', '=', WAITING)
        .where('next_at', '<=', v.nowMs)
        .where((row) =>
          row.not(
            row.exists(
              row
                .selectFrom('held_files as before')
                .select('before.position')
                .whereRef('before.bucket', '=', 'held_files.bucket')
                .whereRef('before.key', '=', 'held_files.key')
                .where('before.state', '=', WAITING)
                .whereRef('before.position', '<', 'held_files.position'),
            ),
          ),
        )
        .orderBy('next_at')
        .limit(v.limit),
    ),
    page: prepare((v: HeldPage) =>
      all
        .select('position')
        .where(within(v))
        .where('position', '<', v.before)
        .orderBy('position', 'desc')
        .limit(v.limit),
    ),
    tally: prepare(() =>
      query
        .selectFrom('held_files')
        .select((row) => [
          row.fn.countAll<number>().as('waiting'),
          row.fn.min('modified_at').as('oldestAt'),
        ])
        .where('state', '=', WAITING),
    ),
  }
}
