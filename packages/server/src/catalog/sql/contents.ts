/**
 * Contents by count. Whoever holds one has a share in `refs`. With the last share it goes onto the sweep list, and its row
 * need not be written for that; or, if it is made of ranges of others, it ends its shares in those and is gone.
 */
import { sql } from 'kysely'
import type { ContentCatalog, NewContent } from '../catalog.ts'
import type { Content, PartChecksums, Segment } from '../records.ts'
import { contents, segments, sweepList } from '../tables/contents.ts'
import { prepareContentStatements } from './content-statements.ts'
import type { Script, SqlEngine } from './script.ts'

interface Id {
  id: string
}

export interface ContentScripts {
  /** False if what is to be shared is gone. Asked before anything is changed. */
  isThere(content: NewContent): Script<boolean>
  /** Takes a share in it for the caller. */
  hold(content: NewContent): Script<Content>
  release(content: Content, nowMs: number): Script<void>
  /** Takes a share in each part of a content for every segment of it: somebody holds copies of those. */
  shareParts(contentId: string): Script<void>
  /** Says which checksums the parts had that the content was made of. */
  describeParts(contentId: string, checksums: PartChecksums): Script<void>
}

export function createContentScripts(engine: SqlEngine): ContentScripts {
  const at = prepareContentStatements(engine)

  function* hold(content: NewContent): Script<Content> {
    if (content.kind === 'shared') {
      yield* at.share.run({ id: content.content.contentId })
      return content.content
    }
    const { kind, contentId } = content
    if (kind === 'stored') return { kind, contentId }
    const bytes = kind === 'inline' ? content.bytes : null
    yield* at.insert.post({
      id: contentId,
      kind,
      refs: 1,
      size: sizeOf(content),
      bytes,
      partChecksums: null,
      sha256: content.kind === 'blob' ? (content.sha256 ?? null) : null,
    })
    if (kind === 'segments') yield* holdSegments(contentId, content.segments)
    return { kind, contentId }
  }

  function* holdSegments(contentId: string, parts: readonly Segment[]): Script<void> {
    let begins = 0
    for (const { contentId: partId, kind, start, length } of parts) {
      yield* at.share.post({ id: partId })
      const segment = { contentId, begins, partId, kind, start, length }
      yield* at.insertSegment.post(segments.toStored(segment))
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
      if (kind === 'stored') return
      if ((yield* at.release.run({ id })) > 0) return
      if (kind !== 'segments') {
        yield* at.queue.post(sweepList.toStored({ contentId: id, kind, queuedAt: nowMs }))
        return
      }
      yield* at.releaseParts.run({ id })
      yield* at.queueParts.run({ id, nowMs })
      yield* at.dropSegments.run({ id })
      yield* at.drop.run({ id })
    },
    *shareParts(id) {
      yield* at.shareParts.run({ id })
    },
    *describeParts(id, checksums) {
      yield* at.describeParts.run({ id, text: contents.columns.partChecksums.toStored(checksums) })
    },
  }
}

function sharedBy(content: NewContent): readonly string[] {
  if (content.kind === 'shared') return [content.content.contentId]
  if (content.kind === 'segments') return content.segments.map(({ contentId }) => contentId)
  return []
}

function sizeOf(content: Exclude<NewContent, { kind: 'shared' | 'stored' }>): number {
  if (content.kind === 'inline') return content.bytes.length
  if (content.kind === 'blob') return content.size
  return content.segments.reduce((size, { length }) => size + length, 0)
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
  const parts = prepare((v: Id) =>
    query.selectFrom('contents').select('part_checksums').where('id', '=', v.id),
  )
  return {
    partChecksums: (id) =>
      lookUp(parts, { id }, (row) => contents.columns.partChecksums.toValue(row.part_checksums)),
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
