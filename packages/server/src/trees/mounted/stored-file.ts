/** What a store says of an object, as the record of a file, and back. */
import type { FileDraft, FilePath } from '../../catalog/file-steps.ts'
import type { Checksum, FileRecord } from '../../catalog/records.ts'
import type { StoredHead, StoredHeaders, StoredObject } from '../../stores/object-store.ts'
import { createStoredContentId, createStoredFileId } from './stored-ids.ts'

/** Of what has no type, and of what a list shows, because lists of stores do not say it. */
const UNKNOWN_TYPE = 'application/octet-stream'

const NOTHING_SAID: Pick<FileDraft, 'contentType' | 'headers' | 'metadata'> = {
  contentType: UNKNOWN_TYPE,
  headers: {},
  metadata: {},
}

type Said = Partial<Pick<FileRecord, 'contentType' | 'headers' | 'metadata' | 'checksums'>>

/** `said` is what is known of it besides. */
export function toFile(bucket: string, object: StoredObject, said: Said = {}): FileRecord {
  const { key, size, etag, modifiedAt } = object
  const path: FilePath = { bucket, key }
  const checksums: readonly Checksum[] = []
  return {
    ...NOTHING_SAID,
    checksums,
    ...said,
    ...path,
    id: createStoredFileId(path, etag),
    versionId: 'null',
    size,
    etag,
    partSizes: [],
    tags: {},
    quotaKey: '',
    createdAt: modifiedAt,
    arrivedAt: modifiedAt,
    modifiedAt,
    content: { kind: 'stored', contentId: createStoredContentId({ ...path, etag }) },
  }
}

export function toFileOfHead(bucket: string, head: StoredHead): FileRecord {
  const { contentType, metadata, contentDisposition, contentEncoding } = head
  const { contentLanguage, cacheControl } = head
  return toFile(bucket, head, {
    contentType: contentType ?? UNKNOWN_TYPE,
    metadata,
    headers: {
      ...(cacheControl !== null && { cacheControl }),
      ...(contentDisposition !== null && { contentDisposition }),
      ...(contentEncoding !== null && { contentEncoding }),
      ...(contentLanguage !== null && { contentLanguage }),
    },
  })
}

export function toStoredHeaders({
  contentType,
  headers,
  metadata,
}: Pick<FileDraft, 'contentType' | 'headers' | 'metadata'>): StoredHeaders {
  return {
    contentType,
    contentDisposition: headers.contentDisposition ?? null,
    contentEncoding: headers.contentEncoding ?? null,
    contentLanguage: headers.contentLanguage ?? null,
    cacheControl: headers.cacheControl ?? null,
    metadata,
  }
}
