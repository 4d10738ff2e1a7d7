/** Every statement about files. The row is written by name, column for column. */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { sql } from 'kysely'
import type { FileTable } from './schema.ts'
import { prepare, query } from './statement.ts'
import type { Statement } from './statement.ts'

interface Name {
  bucket: string
  key: string
}

export interface FileStatements {
  readonly find: Statement<Name, FileTable>
  readonly findById: Statement<{ id: string }, FileTable>
  readonly insert: Statement<FileTable, unknown>
  /** Everything but the name, the id and the time of creation. */
  readonly replace: Statement<FileTable, unknown>
  readonly rename: Statement<Name & { id: string; nowMs: number }, unknown>
  readonly remove: Statement<Name, FileTable>
  readonly range: Statement<{ bucket: string; from: string; end: string; limit: number }, FileTable>
  readonly rangeToLast: Statement<{ bucket: string; from: string; limit: number }, FileTable>
  readonly putBytes: Statement<{ blobId: string; bytes: Uint8Array }, unknown>
  readonly bytes: Statement<{ blobId: string }, { bytes: Uint8Array }>
  readonly queueSweep: Statement<{ blobId: string; isInline: number; nowMs: number }, unknown>
  readonly bucket: Statement<{ bucket: string }, { found: number }>
}

export function prepareFileStatements(db: SqliteDatabase): FileStatements {
  const files = query.selectFrom('files').selectAll()
  return {
    find: prepare(db, (v: Name) => files.where('bucket', '=', v.bucket).where('key', '=', v.key)),
    findById: prepare(db, (v: { id: string }) => files.where('id', '=', v.id)),
    insert: prepare(db, (v: FileTable) => query.insertInto('files').values(everyColumn(v))),
    replace: prepare(db, (v: FileTable) =>
      query
        .updateTable('files')
        .set(contentColumns(v))
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key),
    ),
    rename: prepare(db, (v: Name & { id: string; nowMs: number }) =>
      query
        .updateTable('files')
        .set({ bucket: v.bucket, key: v.key, modified_at: v.nowMs })
        .where('id', '=', v.id),
    ),
    remove: prepare(db, (v: Name) =>
      query
        .deleteFrom('files')
        .where('bucket', '=', v.bucket)
        .where('key', '=', v.key)
        .returningAll(),
    ),
    range: prepare(db, (v: { bucket: string; from: string; end: string; limit: number }) =>
      files
        .where('bucket', '=', v.bucket)
        .where('key', '>=', v.from)
        .where('key', '<', v.end)
        .orderBy('key')
        .limit(v.limit),
    ),
    rangeToLast: prepare(db, (v: { bucket: string; from: string; limit: number }) =>
      files.where('bucket', '=', v.bucket).where('key', '>=', v.from).orderBy('key').limit(v.limit),
    ),
    putBytes: prepare(db, (v: { blobId: string; bytes: Uint8Array }) =>
      query.insertInto('inline_blobs').values({ blob_id: v.blobId, bytes: v.bytes }),
    ),
    bytes: prepare(db, (v: { blobId: string }) =>
      query.selectFrom('inline_blobs').select('bytes').where('blob_id', '=', v.blobId),
    ),
    queueSweep: prepare(db, (v: { blobId: string; isInline: number; nowMs: number }) =>
      query
        .insertInto('sweep_list')
        .values({ blob_id: v.blobId, is_inline: v.isInline, queued_at: v.nowMs }),
    ),
    bucket: prepare(db, (v: { bucket: string }) =>
      query
        .selectFrom('buckets')
        .select(sql<number>`1`.as('found'))
        .where('name', '=', v.bucket),
    ),
  }
}

function everyColumn(v: FileTable): FileTable {
  return {
    ...contentColumns(v),
    bucket: v.bucket,
    key: v.key,
    id: v.id,
    created_at: v.created_at,
  }
}

function contentColumns(v: FileTable): Omit<FileTable, 'bucket' | 'key' | 'id' | 'created_at'> {
  return {
    size: v.size,
    etag: v.etag,
    sha256: v.sha256,
    content_type: v.content_type,
    headers: v.headers,
    metadata: v.metadata,
    modified_at: v.modified_at,
    blob_id: v.blob_id,
    is_inline: v.is_inline,
  }
}
