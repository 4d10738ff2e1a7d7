/** Who lives, what they read, and who has which task. */
import { sql } from 'kysely'
import type { LeaseRecord, ProcessCatalog } from '../process-steps.ts'
import { contentHolds, leases, processes } from '../tables/processes.ts'
import type { StoredContentHold, StoredLease, StoredProcess } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export function createProcessCatalog(engine: SqlEngine): ProcessCatalog {
  const { write, read } = engine
  const at = prepareProcesses(engine)
  const tasks = prepareLeases(engine)
  return {
    // Nobody else writes of this process but who takes it for lost.
    beat: (id, nowMs, heldIds) =>
      write(() => beat(at, { id, seenAt: nowMs }, new Set(heldIds)), {
        touches: [`process:${id}`],
      }),
    findLost: (sinceMs) =>
      read(function* () {
        return (yield* at.lost.all({ sinceMs })).map(({ id }) => id)
      }),
    forget: (id) =>
      write(
        function* () {
          yield* at.releaseAll.run({ id })
          yield* at.remove.run({ id })
        },
        { touches: [`process:${id}`], isUrgent: true },
      ),
    heldAmong: (contentIds) =>
      read(function* () {
        const held: string[] = []
        for (const contentId of contentIds) {
          if ((yield* at.isHeld.get({ contentId })) !== undefined) held.push(contentId)
        }
        return held
      }),
    lease: (lease, nowMs) =>
      write(() => take(tasks, lease, nowMs), { touches: [`task:${lease.task}`] }),
    isKept: async (nowMs) => (await engine.lookUp(tasks.kept, { nowMs }, () => true)) ?? false,
    standing: (task) => engine.lookUp(tasks.find, { task }, (row) => leases.toRecord(row)),
    release: ({ task, holder }) =>
      write(
        function* () {
          yield* tasks.release.run({ task, holder })
        },
        { touches: [`task:${task}`] },
      ),
  }
}

function* beat(
  at: ProcessStatements,
  process: StoredProcess,
  held: ReadonlySet<string>,
): Script<void> {
  yield* at.put.run(process)
  const { id: processId } = process
  const known = new Set((yield* at.holdsOf.all({ id: processId })).map((row) => row.contentId))
  for (const contentId of held) {
    if (!known.has(contentId)) yield* at.hold.run({ contentId, processId })
  }
  for (const contentId of known) {
    if (!held.has(contentId)) yield* at.release.run({ contentId, processId })
  }
}

function* take(at: LeaseStatements, lease: LeaseRecord, nowMs: number): Script<boolean> {
  const standing = yield* at.find.get({ task: lease.task })
  if (standing !== undefined && standing.holder !== lease.holder && standing.endsAt > nowMs) {
    return false
  }
  yield* at.put.run(leases.toStored(lease))
  return true
}

interface ProcessStatements {
  readonly put: Statement<StoredProcess, unknown>
  readonly lost: Statement<{ sinceMs: number }, { id: string }>
  readonly remove: Statement<{ id: string }, unknown>
  readonly holdsOf: Statement<{ id: string }, { contentId: string }>
  readonly hold: Statement<StoredContentHold, unknown>
  readonly release: Statement<StoredContentHold, unknown>
  readonly releaseAll: Statement<{ id: string }, unknown>
  readonly isHeld: Statement<{ contentId: string }, { contentId: string }>
}

function prepareProcesses({ query, prepare }: SqlEngine): ProcessStatements {
  const holds = query.selectFrom('content_holds').select('content_id as contentId')
  return {
    put: prepare((v: StoredProcess) =>
      query
        .insertInto('processes')
        .values(processes.every(v))
        .onConflict((conflict) => conflict.column('id').doUpdateSet(processes.except(v, 'id'))),
    ),
    lost: prepare((v: { sinceMs: number }) =>
      query.selectFrom('processes').select('id').where('seen_at', '<', v.sinceMs),
    ),
    remove: prepare((v: { id: string }) => query.deleteFrom('processes').where('id', '=', v.id)),
    holdsOf: prepare((v: { id: string }) => holds.where('process_id', '=', v.id)),
    hold: prepare((v: StoredContentHold) =>
      query.insertInto('content_holds').values(contentHolds.every(v)),
    ),
    release: prepare((v: StoredContentHold) =>
      query
        .deleteFrom('content_holds')
        .where('content_id', '=', v.contentId)
        .where('process_id', '=', v.processId),
    ),
    releaseAll: prepare((v: { id: string }) =>
      query.deleteFrom('content_holds').where('process_id', '=', v.id),
    ),
    isHeld: prepare((v: { contentId: string }) => holds.where('content_id', '=', v.contentId)),
  }
}

interface LeaseStatements {
  readonly find: Statement<{ task: string }, StoredLease>
  readonly put: Statement<StoredLease, unknown>
  readonly kept: Statement<{ nowMs: number }, { task: string }>
  readonly release: Statement<{ task: string; holder: string }, unknown>
}

function prepareLeases({ query, prepare }: SqlEngine): LeaseStatements {
  return {
    find: prepare((v: { task: string }) =>
      query.selectFrom('leases').select(leases.selection).where('task', '=', v.task),
    ),
    put: prepare((v: StoredLease) =>
      query
        .insertInto('leases')
        .values(leases.every(v))
        .onConflict((conflict) => conflict.column('task').doUpdateSet(leases.except(v, 'task'))),
    ),
    kept: prepare((v: { nowMs: number }) =>
      query
        .selectFrom('leases')
        .select('task')
        // Whatever begins with `keep:`.
        .where('task', '>=', sql.lit('keep:'))
        .where('task', '<', sql.lit('keep;'))
        .where('ends_at', '>', v.nowMs)
        .limit(1),
    ),
    release: prepare((v: { task: string; holder: string }) =>
      query.deleteFrom('leases').where('task', '=', v.task).where('holder', '=', v.holder),
    ),
  }
}
