/** Every statement that counts shares in contents. */
import { sql } from 'kysely'
import { contents, segments, sweepList } from '../tables/contents.ts'
import type { StoredContent, StoredSegment, StoredSweep } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

export interface ContentStatements extends SegmentStatements {
  readonly shareable: Statement<Id, { refs: number }>
  readonly insert: Statement<StoredContent, unknown>
  readonly share: Statement<Id, unknown>
  /** Changes nothing if this share is the last. */
  readonly release: Statement<Id, unknown>
  readonly queue: Statement<StoredSweep, unknown>
  readonly drop: Statement<Id, unknown>
  readonly describeParts: Statement<Id & { text: string | null }, unknown>
}

export function prepareContentStatements(engine: SqlEngine): ContentStatements {
  const { query, prepare } = engine
  return {
    // What nobody holds is on its way out and cannot be shared again: the sweep may be deleting it.
    shareable: prepare((v: Id) =>
      query
        .selectFrom('contents')
        .select('refs')
        .where('id', '=', v.id)
        .where((row) =>
          row.not(
            row.exists(row.selectFrom('sweep_list').select('kind').where('content_id', '=', v.id)),
          ),
        ),
    ),
    insert: prepare((v: StoredContent) => query.insertInto('contents').values(contents.every(v))),
    share: prepare((v: Id) =>
      query
        .updateTable('contents')
        .set((row) => ({ refs: row('refs', '+', sql.lit(1)) }))
        .where('id', '=', v.id),
    ),
    release: prepare((v: Id) =>
      query
        .updateTable('contents')
        .set((row) => ({ refs: row('refs', '-', sql.lit(1)) }))
        .where('id', '=', v.id)
        .where('refs', '>', sql.lit(1)),
    ),
    queue: prepare((v: StoredSweep) => query.insertInto('sweep_list').values(sweepList.every(v))),
    drop: prepare((v: Id) => query.deleteFrom('contents').where('id', '=', v.id)),
    describeParts: prepare((v: Id & { text: string | null }) =>
      query.updateTable('contents').set({ part_checksums: v.text }).where('id', '=', v.id),
    ),
    ...prepareSegmentStatements(engine),
  }
}

/** Each speaks of the parts of the content with the id. */
interface SegmentStatements {
  readonly insertSegment: Statement<StoredSegment, unknown>
  /** Gives a share back, or takes one, for every segment. */
  readonly releaseParts: Statement<Id, unknown>
  readonly shareParts: Statement<Id, unknown>
  /** Those of which no share is left. */
  readonly queueParts: Statement<Id & { nowMs: number }, unknown>
  readonly dropSegments: Statement<Id, unknown>
}

function prepareSegmentStatements({ query, prepare }: SqlEngine): SegmentStatements {
  const countShares = (change: '+' | '-') =>
    prepare((v: Id) =>
      query
        .updateTable('contents')
        .from(
          query
            .selectFrom('segments')
            .select((row) => ['part_id', row.fn.countAll<number>().as('count')])
            .where('content_id', '=', v.id)
            .groupBy('part_id')
            .as('held'),
        )
        .set((row) => ({ refs: row('contents.refs', change, row.ref('held.count')) }))
        .whereRef('contents.id', '=', 'held.part_id'),
    )
  return {
    insertSegment: prepare((v: StoredSegment) =>
      query.insertInto('segments').values(segments.every(v)),
    ),
    releaseParts: countShares('-'),
    shareParts: countShares('+'),
    queueParts: prepare((v: Id & { nowMs: number }) =>
      query
        .insertInto('sweep_list')
        .columns(['content_id', 'kind', 'queued_at'])
        .expression(
          query
            .selectFrom('segments')
            .innerJoin('contents', 'contents.id', 'segments.part_id')
            .select(['contents.id', 'contents.kind'])
            .select(sql<number>`cast(${v.nowMs} as bigint)`.as('queued_at'))
            .where('segments.content_id', '=', v.id)
            .where('contents.refs', '=', sql.lit(0))
            .distinct(),
        ),
    ),
    dropSegments: prepare((v: Id) => query.deleteFrom('segments').where('content_id', '=', v.id)),
  }
}
