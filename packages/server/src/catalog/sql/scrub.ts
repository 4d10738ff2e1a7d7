/** Blobs in the order in which they are read again, and which of them are not what they were. */
import { sql } from 'kysely'
import type { DamagedBlob, KnownBlob, ScrubCatalog, ScrubRound } from '../scrub-steps.ts'
import { damagedBlobs, scrubRound } from '../tables/blobs.ts'
import type { EventScripts } from './events.ts'
import type { StoredDamagedBlob, StoredScrubRound } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

export function createScrubCatalog(engine: SqlEngine, trail: EventScripts): ScrubCatalog {
  const { write, read, lookUp } = engine
  const at = prepareScrub(engine)

  function* markDamaged(blob: DamagedBlob): Script<boolean> {
    const { contentId: id, fault } = blob
    if ((yield* at.find.get({ id })) === undefined) return false
    if ((yield* at.mark.run(damagedBlobs.toStored(blob))) === 0) return false
    yield* trail.record(undefined, { kind: 'blob.damaged', target: id, detail: { fault } })
    return true
  }

  function* markGood(id: string): Script<boolean> {
    if ((yield* at.unmark.run({ id })) === 0) return false
    yield* trail.record(undefined, { kind: 'blob.healed', target: id })
    return true
  }

  return {
    blobs: (after, limit) =>
      read(function* () {
        return yield* at.behind.all({ after, limit })
      }),
    find: (id) => lookUp(at.find, { id }, (row) => row),
    round: () => lookUp(at.round, {}, (row) => scrubRound.toRecord(row)),
    advance: (round, learnt) =>
      write(() => advance(at, round, learnt), { touches: ['scrub'], isUrgent: true }),
    damaged: () =>
      read(function* () {
        return (yield* at.damaged.all({})).map((row) => damagedBlobs.toRecord(row))
      }),
    markDamaged: (blob) => write(() => markDamaged(blob)),
    markGood: (contentId) => write(() => markGood(contentId)),
  }
}

function* advance(
  at: ScrubStatements,
  round: ScrubRound,
  learnt: readonly Pick<KnownBlob, 'contentId' | 'sha256'>[],
): Script<void> {
  const stored = scrubRound.toStored(round)
  if ((yield* at.advance.run(stored)) === 0) yield* at.begin.run(stored)
  for (const { contentId: id, sha256 } of learnt) yield* at.learn.run({ id, sha256 })
}

interface ScrubStatements {
  readonly behind: Statement<{ after: number; limit: number }, KnownBlob>
  readonly find: Statement<Id, KnownBlob>
  readonly round: Statement<object, StoredScrubRound>
  readonly begin: Statement<StoredScrubRound, unknown>
  readonly advance: Statement<StoredScrubRound, unknown>
  readonly learn: Statement<Id & { sha256: string | null }, unknown>
  readonly damaged: Statement<object, StoredDamagedBlob>
  readonly mark: Statement<StoredDamagedBlob, unknown>
  readonly unmark: Statement<Id, unknown>
}

function prepareScrub({ query, prepare }: SqlEngine): ScrubStatements {
  const held = query
    .selectFrom('contents')
    .where('kind', '=', 'blob')
    .select(['id as contentId', 'size', 'sha256', 'position'])
    .where((row) =>
      row.not(
        row.exists(
          row
            .selectFrom('sweep_list')
            .select('sweep_list.kind')
            .whereRef('sweep_list.content_id', '=', 'contents.id'),
        ),
      ),
    )
  return {
    behind: prepare((v: { after: number; limit: number }) =>
      held.where('position', '>', v.after).orderBy('position').limit(v.limit),
    ),
    find: prepare((v: Id) => held.where('id', '=', v.id)),
    round: prepare(() => query.selectFrom('scrub_round').select(scrubRound.selection)),
    begin: prepare((v: StoredScrubRound) =>
      query.insertInto('scrub_round').values({ ...scrubRound.every(v), only: sql.lit(1) }),
    ),
    advance: prepare((v: StoredScrubRound) =>
      query.updateTable('scrub_round').set(scrubRound.every(v)),
    ),
    learn: prepare((v: Id & { sha256: string | null }) =>
      query
        .updateTable('contents')
        .set({ sha256: v.sha256 })
        .where('id', '=', v.id)
        .where('sha256', 'is', null),
    ),
    damaged: prepare(() => query.selectFrom('damaged_blobs').select(damagedBlobs.selection)),
    mark: prepare((v: StoredDamagedBlob) =>
      query
        .insertInto('damaged_blobs')
        .values(damagedBlobs.every(v))
        .onConflict((conflict) => conflict.column('content_id').doNothing()),
    ),
    unmark: prepare((v: Id) => query.deleteFrom('damaged_blobs').where('content_id', '=', v.id)),
  }
}
