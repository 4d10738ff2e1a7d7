/** Every statement about uploads and their parts. */
import { sql } from 'kysely'
import { parts, uploads } from '../tables/files.ts'
import type { StoredPart, StoredUpload } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

interface OnePart {
  uploadId: string
  number: number
}

export interface UploadStatements extends SlotStatements, PartStatements, JoinStatements {}

export function prepareUploadStatements(engine: SqlEngine): UploadStatements {
  return { ...prepareSlots(engine), ...prepareParts(engine), ...prepareJoining(engine) }
}

interface SlotStatements {
  readonly find: Statement<Id, StoredUpload>
  readonly insert: Statement<StoredUpload & { idle_ms: number }, unknown>
  /** Its end moves on: as long again as it was made for. */
  readonly touch: Statement<Id & { nowMs: number }, unknown>
  readonly remove: Statement<Id, unknown>
  readonly describe: Statement<Id & Pick<StoredUpload, 'resumable'>, unknown>
  /** From the upload of a store, if it was bound to one. */
  readonly unbind: Statement<Id, unknown>
  readonly due: Statement<{ nowMs: number; limit: number }, StoredUpload>
}

function prepareSlots({ query, prepare }: SqlEngine): SlotStatements {
  const every = query.selectFrom('uploads').select(uploads.selection)
  return {
    find: prepare((v: Id) => every.where('id', '=', v.id)),
    insert: prepare((v: StoredUpload & { idle_ms: number }) =>
      query.insertInto('uploads').values({ ...uploads.every(v), idle_ms: v.idle_ms }),
    ),
    touch: prepare((v: Id & { nowMs: number }) =>
      query
        .updateTable('uploads')
        .set((row) => ({ expires_at: row('idle_ms', '+', v.nowMs) }))
        .where('id', '=', v.id),
    ),
    remove: prepare((v: Id) => query.deleteFrom('uploads').where('id', '=', v.id)),
    describe: prepare((v: Id & Pick<StoredUpload, 'resumable'>) =>
      query.updateTable('uploads').set({ resumable: v.resumable }).where('id', '=', v.id),
    ),
    unbind: prepare((v: Id) => query.deleteFrom('store_uploads').where('id', '=', v.id)),
    due: prepare((v: { nowMs: number; limit: number }) =>
      every.where('expires_at', '<=', v.nowMs).orderBy('expires_at').limit(v.limit),
    ),
  }
}

interface PartStatements {
  readonly findPart: Statement<OnePart, StoredPart>
  readonly putPart: Statement<StoredPart, unknown>
  readonly removePart: Statement<OnePart, unknown>
  readonly listParts: Statement<{ uploadId: string; after: number; limit: number }, StoredPart>
  readonly allParts: Statement<{ uploadId: string }, StoredPart>
  readonly removeParts: Statement<{ uploadId: string }, unknown>
  /** What the parts hold together, and the number of the last. */
  readonly measure: Statement<{ uploadId: string }, { bytes: number; last: number }>
  /** Parts become those of another upload, numbered on from `after`. */
  readonly moveParts: Statement<{ from: string; to: string; after: number }, unknown>
}

function prepareParts({ query, prepare }: SqlEngine): PartStatements {
  const partsOf = (v: { uploadId: string }) =>
    query.selectFrom('parts').select(parts.selection).where('upload_id', '=', v.uploadId)
  return {
    findPart: prepare((v: OnePart) => partsOf(v).where('number', '=', v.number)),
    putPart: prepare((v: StoredPart) =>
      query
        .insertInto('parts')
        .values(parts.every(v))
        .onConflict((conflict) =>
          conflict
            .columns(['upload_id', 'number'])
            .doUpdateSet(parts.except(v, 'uploadId', 'number')),
        ),
    ),
    removePart: prepare((v: OnePart) =>
      query.deleteFrom('parts').where('upload_id', '=', v.uploadId).where('number', '=', v.number),
    ),
    listParts: prepare((v: { uploadId: string; after: number; limit: number }) =>
      partsOf(v).where('number', '>', v.after).orderBy('number').limit(v.limit),
    ),
    allParts: prepare((v: { uploadId: string }) => partsOf(v).orderBy('number')),
    removeParts: prepare((v: { uploadId: string }) =>
      query.deleteFrom('parts').where('upload_id', '=', v.uploadId),
    ),
    measure: prepare((v: { uploadId: string }) =>
      query
        .selectFrom('parts')
        .select(sql<number>`cast(coalesce(sum(size), 0) as bigint)`.as('bytes'))
        .select(sql<number>`cast(coalesce(max(number), 0) as bigint)`.as('last'))
        .where('upload_id', '=', v.uploadId),
    ),
    moveParts: prepare((v: { from: string; to: string; after: number }) =>
      query
        .updateTable('parts')
        .set((row) => ({ upload_id: v.to, number: row('number', '+', v.after) }))
        .where('upload_id', '=', v.from),
    ),
  }
}

interface JoinStatements {
  readonly insertContent: Statement<Id & { size: number }, unknown>
  /** Every part that is bytes itself becomes a segment, in the order of their numbers. */
  readonly joinBytes: Statement<Id & { uploadId: string }, unknown>
  /** What a part is made of becomes segments too, from `begins` on. */
  readonly joinSegments: Statement<Id & { partId: string; begins: number }, unknown>
}

const SEGMENT_COLUMNS = ['content_id', 'begins', 'part_id', 'kind', 'start', 'length'] as const

function prepareJoining({ query, prepare }: SqlEngine): JoinStatements {
  const begins = sql<number>`cast(sum(size) over (order by number) - size as bigint)`.as('begins')
  return {
    insertContent: prepare((v: Id & { size: number }) =>
      query.insertInto('contents').values({
        id: v.id,
        kind: sql.lit('segments'),
        refs: sql.lit(1),
        size: v.size,
        bytes: null,
        part_checksums: null,
      }),
    ),
    joinBytes: prepare((v: Id & { uploadId: string }) =>
      query
        .insertInto('segments')
        .columns(SEGMENT_COLUMNS)
        .expression(
          query
            .selectFrom(
              query
                .selectFrom('parts')
                .select(['content_id', 'content_kind', 'size', begins])
                .where('upload_id', '=', v.uploadId)
                .as('placed'),
            )
            .select(sql<string>`cast(${v.id} as text)`.as('id'))
            .select(['begins', 'content_id', 'content_kind'])
            .select([sql.lit(0).as('start'), 'size'])
            .where('content_kind', '<>', sql.lit('segments'))
            .where('size', '>', sql.lit(0)),
        ),
    ),
    joinSegments: prepare((v: Id & { partId: string; begins: number }) =>
      query
        .insertInto('segments')
        .columns(SEGMENT_COLUMNS)
        .expression(
          query
            .selectFrom('segments')
            .select(sql<string>`cast(${v.id} as text)`.as('id'))
            .select(sql<number>`begins + cast(${v.begins} as bigint)`.as('begins'))
            .select(['part_id', 'kind', 'start', 'length'])
            .where('content_id', '=', v.partId),
        ),
    ),
  }
}
