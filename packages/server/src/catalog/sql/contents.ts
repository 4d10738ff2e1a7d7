/**
 * Contents by count. Whoever holds one has a share in `refs`. With the last share it goes onto the sweep list, and its row
 * need not be written for that; or, if it is made of ranges of others, it ends its shares in those and is gone.
 */
import { sql } from 'kysely'
import type { ContentCatalog, NewContent } from '../catalog.ts'
import type { Content, Segment } from '../records.ts'
import { contents, segments, sweepList } from '../tables/contents.ts'
import type { StoredContent, StoredSegment, StoredSweep } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

export interface ContentScripts {
  /** False if what is to be shared is gone. Asked before anything is changed. */
  isThere(content: NewContent): Script<boolean>
  /** Takes a share in it for the caller. */
  hold(content: NewContent): Script<Content>
  release(content: Content, nowMs: number): Script<void>
}

export function createContentScripts(engine: SqlEngine): ContentScripts {
  const at = prepareStatements(engine)

  function* hold(content: NewContent): Script<Content> {
    if (content.kind === 'shared') {
      yield* at.share.run({ id: content.content.contentId, count: 1 })
      return content.content
    }
    const { kind, contentId } = content
    const bytes = kind === 'inline' ? content.bytes : null
    yield* at.insert.run({ id: contentId, kind, refs: 1, size: sizeOf(content), bytes })
    if (kind === 'segments') yield* holdSegments(contentId, content.segments)
    return { kind, contentId }
  }

  function* holdSegments(contentId: string, parts: readonly Segment[]): Script<void> {
    let begins = 0
    for (const { contentId: partId, kind, start, length } of parts) {
      yield* at.share.run({ id: partId, count: 1 })
      const segment = { contentId, begins, partId, kind, start, length }
      yield* at.insertSegment.run(segments.toStored(segment))
      begins += length
    }
  }

  return {
    hold,
    *isThere(content) {
      for (const id of new Set(sharedBy(content))) {
        if ((yield* at.shareable.get({ id })) === undefined) return false
      }
      return true
    },
    *release({ kind, contentId: id }, nowMs) {
      if ((yield* at.release.run({ id })) > 0) return
      if (kind !== 'segments') {
        yield* at.queue.run(sweepList.toStored({ contentId: id, kind, queuedAt: nowMs }))
        return
      }
      yield* at.releaseParts.run({ id })
      yield* at.queueParts.run({ id, nowMs })
      yield* at.dropSegments.run({ id })
      yield* at.drop.run({ id })
    },
  }
}

function sharedBy(content: NewContent): readonly string[] {
  if (content.kind === 'shared') return [content.content.contentId]
  if (content.kind === 'segments') return content.segments.map(({ contentId }) => contentId)
  return []
}

function sizeOf(content: Exclude<NewContent, { kind: 'shared' }>): number {
  if (content.kind === 'inline') return content.bytes.length
  if (content.kind === 'blob') return content.size
  return content.segments.reduce((size, { length }) => size + length, 0)
}

interface Statements {
  readonly shareable: Statement<Id, { refs: number }>
  readonly insert: Statement<StoredContent, unknown>
  readonly insertSegment: Statement<StoredSegment, unknown>
  readonly share: Statement<Id & { count: number }, unknown>
  /** Changes nothing if this share is the last. */
  readonly release: Statement<Id, unknown>
  readonly queue: Statement<StoredSweep, unknown>
  readonly releaseParts: Statement<Id, unknown>
  readonly queueParts: Statement<Id & { nowMs: number }, unknown>
  readonly dropSegments: Statement<Id, unknown>
  readonly drop: Statement<Id, unknown>
}

function prepareStatements({ query, prepare }: SqlEngine): Statements {
  return {
    // What nobody holds is on its way out and cannot be shared again: the sweep may be deleting it.
    shareable: prepare((v: Id) =>
      query
        .selectFrom('contents')
        .select('refs')
        .where('id', '=', v.id)
        .where(({ not, exists, selectFrom }) =>
          not(exists(selectFrom('sweep_list').select('kind').where('content_id', '=', v.id))),
        ),
    ),
    insert: prepare((v: StoredContent) => query.insertInto('contents').values(contents.every(v))),
    insertSegment: prepare((v: StoredSegment) =>
      query.insertInto('segments').values(segments.every(v)),
    ),
    share: prepare((v: Id & { count: number }) =>
      query
        .updateTable('contents')
        .set((row) => ({ refs: row('refs', '+', v.count) }))
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
    releaseParts: prepare((v: Id) =>
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
        .set((row) => ({ refs: row('contents.refs', '-', row.ref('held.count')) }))
        .whereRef('contents.id', '=', 'held.part_id'),
    ),
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
    drop: prepare((v: Id) => query.deleteFrom('contents').where('id', '=', v.id)),
  }
}

export function createContentCatalog({ query, prepare, read, lookUp }: SqlEngine): ContentCatalog {
  const bytes = prepare((v: Id) =>
    query.selectFrom('contents').select('bytes').where('id', '=', v.id),
  )
  const inRange = prepare((v: { id: string; start: number; end: number }) =>
    query
      .selectFrom('segments')
      .select(segments.selection)
      .where('content_id', '=', v.id)
      .where('begins', '<=', v.end)
      .where('begins', '>=', (row) =>
        row
          .selectFrom('segments as before')
          .select(({ fn }) => fn.coalesce(fn.max('before.begins'), sql<number>`0`).as('begins'))
          .where('before.content_id', '=', v.id)
          .where('before.begins', '<=', v.start),
      )
      .orderBy('begins'),
  )
  return {
    readInline: (id) => lookUp(bytes, { id }, (row) => row.bytes),
    segments: (id, { start, end }) =>
      read(function* () {
        const rows = yield* inRange.all({ id, start, end })
        const found = rows.map((row) => segments.toRecord(row))
        return found[0] === undefined
          ? null
          : {
              firstStart: found[0].begins,
              segments: found.map(({ partId: contentId, kind, start: from, length }) => ({
                contentId,
                kind,
                start: from,
                length,
              })),
            }
      }),
  }
}
