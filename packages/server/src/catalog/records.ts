/**
 * The records the catalog keeps. Times are milliseconds since the Unix epoch; ids are made in platform/ids.ts. Those that
 * are a table's row and nothing else follow from the table; tables/ says what their fields mean.
 */
import type { RecordOf } from './table.ts'
import type { buckets, VERSIONINGS } from './tables/buckets.ts'
import type { Checksum } from './tables/checksums.ts'
import type { StoredHeaders, uploads } from './tables/files.ts'
import type { finishedUploads } from './tables/finished-uploads.ts'
import type { folderUsage } from './tables/folder-usage.ts'
import type { folderChanges, folders, VISIBILITIES } from './tables/folders.ts'
import type { grants, LINK_METHODS, REVOKED_BY, ShareTerms } from './tables/grants.ts'
import type { mounts } from './tables/mounts.ts'
import type {
  accessKeys,
  ACTIONS,
  apiKeys,
  KeyQuota,
  revocations,
  SIGNING_KEY_STATES,
} from './tables/keys.ts'

export type { StoredHeaders } from './tables/files.ts'

/** Where the bytes of a version are. A content may be shared by versions; it is swept when nothing refers to it. */
export type Content =
  /** In the catalog itself. */
  | { readonly kind: 'inline'; readonly contentId: string }
  /** One blob of the store, all of it. */
  | { readonly kind: 'blob'; readonly contentId: string }
  /** Ranges of blobs, one after the other (`Catalog.contents.segments`). */
  | { readonly kind: 'segments'; readonly contentId: string }
  /** In a store of somebody else, under a name that the id says; no row speaks of it. */
  | { readonly kind: 'stored'; readonly contentId: string }

export type ChecksumAlgorithm = Checksum['algorithm']
export type { Checksum, PartChecksums } from './tables/checksums.ts'

/** A version as it stands at a path. */
export interface FileRecord {
  /** Of the file: every version of a name has it, a file made anew after a delete has another. */
  readonly id: string
  readonly bucket: string
  /** Exact bytes as sent, decoded once; never normalised. */
  readonly key: string
  /** `'null'` where versions are not kept, as S3 has it. */
  readonly versionId: string
  readonly size: number
  /** Hex MD5 of the bytes, or `md5-N` for N parts; without quotes. */
  readonly etag: string
  readonly checksums: readonly Checksum[]
  /** Where each part begins and ends, as sizes in order; empty for a file that came in one piece. */
  readonly partSizes: readonly number[]
  readonly contentType: string
  readonly headers: StoredHeaders
  /** `x-amz-meta-*`, names in lower case without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** When the file (not this version) came to be. */
  readonly createdAt: number
  readonly modifiedAt: number
  /** When the file came to this name: links that were signed before are over. */
  readonly arrivedAt: number
  /** The key in whose quota it counts; `''` for none. */
  readonly quotaKey: string
  readonly content: Content
}

/** A version, or the mark that says a name was deleted. */
export type VersionRecord =
  | (FileRecord & { readonly isDeleteMarker: false; readonly isLatest: boolean })
  | MarkerRecord

/** The mark that says a name was deleted. */
export interface MarkerRecord extends Pick<
  FileRecord,
  'id' | 'bucket' | 'key' | 'versionId' | 'modifiedAt'
> {
  readonly isDeleteMarker: true
  readonly isLatest: boolean
}

export type { ResumableTerms } from './tables/resumable.ts'

/** A slot that takes parts and closes at its commit. */
export type UploadRecord = RecordOf<typeof uploads>

/** What became of a slot that was completed. */
export type FinishedUploadRecord = RecordOf<typeof finishedUploads>

export interface PartRecord {
  readonly uploadId: string
  /** 1 to 10,000. */
  readonly number: number
  readonly size: number
  readonly etag: string
  readonly checksums: readonly Checksum[]
  readonly modifiedAt: number
  readonly content: Content
}

/** A range of an immutable blob that a content of kind `segments` holds. */
export interface Segment {
  readonly contentId: string
  readonly kind: 'inline' | 'blob'
  readonly start: number
  readonly length: number
}

/** Whether a bucket keeps what was replaced, as S3 means it. */
export type Versioning = (typeof VERSIONINGS)[number]
export type BucketRecord = RecordOf<typeof buckets>

/** A bucket that lies in a store of somebody else. */
export type MountRecord = RecordOf<typeof mounts>
export type { CdnSettings, MountSettings } from './tables/mounts.ts'

export type Visibility = (typeof VISIBILITIES)[number]
export type FolderRecord = RecordOf<typeof folders>
export type FolderChangeRecord = RecordOf<typeof folderChanges>

/** What a key may do. */
export type Action = (typeof ACTIONS)[number]
export { ACTIONS } from './tables/keys.ts'
export type { KeyQuota, KeyScope } from './tables/keys.ts'
/** A bearer key of the REST API. Only a hash of its secret is kept. */
export type ApiKeyRecord = RecordOf<typeof apiKeys>
export type SigningKeyState = (typeof SIGNING_KEY_STATES)[number]
/** An S3 key pair: given to a client (`access`), or held by the server to sign its own links (`signing`). */
export type AccessKeyRecord = RecordOf<typeof accessKeys>

export type LinkMethod = (typeof LINK_METHODS)[number]
export type ShareKind = ShareTerms['kind']
export type { Reading, ReadingAnswer } from './tables/grants.ts'
/** What ended a link before its time. */
export type RevokedBy = (typeof REVOKED_BY)[number]
/** The server's record behind a link. */
export type GrantRecord = RecordOf<typeof grants>
/** What a folder with a quota holds, or what a key with one has stored. */
export type Usage = Pick<RecordOf<typeof folderUsage>, 'bytes' | 'files'>

export type Quota = FolderQuota | KeyQuota

/** What a folder may hold at most, with all that lies below it; `null` for any. */
export interface FolderQuota {
  /** As in `FolderRecord`. */
  readonly path: string
  readonly maxBytes: number | null
  readonly maxFiles: number | null
}

export type { GrantTerms, ShareTerms } from './tables/grants.ts'

/** Every link in `scope` signed before `notBefore` is dead. */
export type RevocationRecord = RecordOf<typeof revocations>
