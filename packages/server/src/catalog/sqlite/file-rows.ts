/** File records to rows and back. Empty headers and metadata, the usual case, cost neither space nor parsing. */
import type { FileRecord, StoredHeaders } from '../records.ts'
import type { FileTable } from './schema.ts'

const NO_HEADERS: StoredHeaders = Object.freeze({})
const NO_METADATA: Readonly<Record<string, string>> = Object.freeze({})

export function toFileRow(file: FileRecord): FileTable {
  return {
    bucket: file.bucket,
    key: file.key,
    id: file.id,
    size: file.size,
    etag: file.etag,
    sha256: file.sha256,
    content_type: file.contentType,
    headers: toJson(file.headers),
    metadata: toJson(file.metadata),
    created_at: file.createdAt,
    modified_at: file.modifiedAt,
    blob_id: file.blobId,
    is_inline: file.isInline ? 1 : 0,
  }
}

export function toFileRecord(row: FileTable): FileRecord {
  return {
    id: row.id,
    bucket: row.bucket,
    key: row.key,
    size: row.size,
    etag: row.etag,
    sha256: row.sha256,
    contentType: row.content_type,
    headers: row.headers === null ? NO_HEADERS : (JSON.parse(row.headers) as StoredHeaders),
    metadata:
      row.metadata === null
        ? NO_METADATA
        : (JSON.parse(row.metadata) as Readonly<Record<string, string>>),
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    blobId: row.blob_id,
    isInline: row.is_inline === 1,
  }
}

function toJson(value: object): string | null {
  for (const _ in value) return JSON.stringify(value)
  return null
}
