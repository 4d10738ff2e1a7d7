/** Names and their versions. A row carries where its bytes are, so that a file is found in one look-up. */
import { integer, jsonOrEmpty, oneOf, oneOfOrNull, shape, table, text } from '../table.ts'
import { CHECKSUM_ALGORITHMS, CHECKSUM_TYPES, checksums } from './checksums.ts'
import { CONTENT_KINDS, PART_KINDS } from './contents.ts'
import { resumable } from './resumable.ts'
import { sizes } from './sizes.ts'

/** Headers a client stored with a file and gets back with it. Values are legal header values. */
export interface StoredHeaders {
  readonly cacheControl?: string
  readonly contentDisposition?: string
  readonly contentEncoding?: string
  readonly contentLanguage?: string
  readonly expires?: string
}

/** What every version has. */
export const version = {
  bucket: text('bucket'),
  key: text('key'),
  id: text('id'),
  versionId: text('version_id'),
  size: integer('size'),
  etag: text('etag'),
  checksums: checksums('checksums'),
  partSizes: sizes('part_sizes'),
  contentType: text('content_type'),
  headers: jsonOrEmpty('headers', shape<StoredHeaders>()),
  metadata: jsonOrEmpty('metadata', shape<Readonly<Record<string, string>>>()),
  tags: jsonOrEmpty('tags', shape<Readonly<Record<string, string>>>()),
  createdAt: integer('created_at'),
  modifiedAt: integer('modified_at'),
  contentId: text('content_id'),
  /** The key in whose quota it counts; `''` for none. */
  quotaKey: text('quota_key'),
}

/** When the file came to the name, made there or moved there. */
const arrivedAt = integer('arrived_at')

/** The current version of each name. */
export const files = table('files', {
  ...version,
  contentKind: oneOf('content_kind', CONTENT_KINDS),
  arrivedAt,
})

/** The versions behind it, and the marks that say a name was deleted. */
export const versions = table('versions', {
  ...version,
  contentKind: oneOf('content_kind', [...CONTENT_KINDS, 'delete-marker']),
  arrivedAt,
  /** Counts down within a name: the newest has the lowest. */
  position: integer('position'),
})

/** Slots that take parts. */
export const uploads = table('uploads', {
  /** From `[A-Za-z0-9._-]`: it survives sloppy encoders. */
  id: text('id'),
  bucket: version.bucket,
  key: version.key,
  contentType: version.contentType,
  headers: version.headers,
  metadata: version.metadata,
  tags: version.tags,
  /** What the parts carry, if the client said so. */
  checksumAlgorithm: oneOfOrNull('checksum_algorithm', CHECKSUM_ALGORITHMS),
  checksumType: oneOfOrNull('checksum_type', CHECKSUM_TYPES),
  /** The key or grant that opened it. */
  createdBy: text('created_by'),
  quotaKey: version.quotaKey,
  createdAt: integer('created_at'),
  /** An idle slot is reaped after this; a part that comes moves it on. */
  expiresAt: integer('expires_at'),
  resumable,
})

export const parts = table('parts', {
  uploadId: text('upload_id'),
  /** 1 to 10,000. */
  number: integer('number'),
  size: version.size,
  etag: version.etag,
  checksums: version.checksums,
  modifiedAt: version.modifiedAt,
  contentId: version.contentId,
  contentKind: oneOf('content_kind', PART_KINDS),
})
