/** The words in which a tree and the catalog behind it speak of reading and changing files. */
import type { Actor } from './event-steps.ts'
import type { HeldRecord } from './held-steps.ts'
import type {
  Checksum,
  FileRecord,
  GrantTerms,
  PartRecord,
  Quota,
  StoredHeaders,
  VersionRecord,
} from './records.ts'

export interface FilePath {
  readonly bucket: string
  readonly key: string
}

/** What the transaction of a write compares before anything changes. */
export interface WriteConditions {
  /**
   * The epoch of keys, revocations and folders under which the write was allowed; another one there and nothing is written
   * (`epoch-changed`): the rights are looked at again. `null` for the server's own work, which no right allows or forbids.
   */
  readonly epoch: number | null
  /** The file must not exist. */
  readonly ifAbsent?: boolean
  /** The current version must have this ETag; `*` takes any that exists. */
  readonly ifEtag?: string
  /** The current version, if there is one, must not have this ETag. */
  readonly ifNotEtag?: string
  readonly ifSize?: number
  readonly ifContentType?: string
  /** Milliseconds, compared in whole seconds. */
  readonly ifModifiedAt?: number
  /** Folders and keys that must not hold more than this afterwards, unless they hold no more than before. What is stored counts for the key. */
  readonly quotas?: readonly Quota[]
  /** The file at the path must be this one. */
  readonly ifFileId?: string
  /**
   * A use of this grant is consumed together with the write; unusable, nothing is written. `admittedAtMs` is when the request
   * was let in: what began in time may finish.
   */
  readonly useGrant?: GrantUse
  /** What is there may be replaced if that grant stored it, and by nobody else's leave; in place of `ifAbsent`. */
  readonly ifOwn?: boolean
  /** What is written waits until it was looked at; meanwhile nobody sees it but this key. */
  readonly holder?: string
  /** What the trail says of who writes; without it, that the server did. */
  readonly by?: Actor
}

export interface GrantUse {
  readonly id: string
  /** As they were when the write was looked at: under others, or paused, it is looked at again (`epoch-changed`). */
  readonly terms: GrantTerms
  readonly admittedAtMs: number
  readonly clientIp: string
  /** The slot that ends with this write, and until when it is remembered what became of it. */
  readonly slot?: { readonly id: string; readonly forgetAt: number }
}

/** Why a write did not happen; nothing has changed then. */
export type WriteRefusal =
  | 'bucket-missing'
  /** Another file is at the path than the one it was meant for, or what was to be copied is gone. */
  | 'file-missing'
  | 'condition-failed'
  | 'grant-unusable'
  | 'epoch-changed'
  | 'upload-missing'
  | 'over-quota'
  /** What was asked of it needs this server's own transaction, and the file lies elsewhere. */
  | 'not-enforceable'

export type WriteOutcome =
  | {
      readonly outcome: 'committed'
      readonly file: FileRecord
      /** The version that was current before, if there was one. */
      readonly replaced: FileRecord | null
      /** As it waits, if it is no file yet. */
      readonly held?: HeldRecord
    }
  | { readonly outcome: WriteRefusal }

/** What a new version says of itself, besides its bytes. */
export interface FileDraft {
  readonly contentType: string
  readonly headers: StoredHeaders
  /** `x-amz-meta-*`, names in lower case without the prefix. */
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
}

/** What the bytes turned out to be, once all of them have passed. */
export interface SealedBody {
  readonly size: number
  /** Hex MD5; `md5-N` for a body made of parts. */
  readonly etag: string
  readonly checksums: readonly Checksum[]
}

export interface ListFilesQuery {
  readonly bucket: string
  readonly prefix: string
  /** Keys that share what lies between prefix and the next delimiter are rolled into one common prefix; `''` rolls nothing. */
  readonly delimiter: string
  /** Only keys (and common prefixes) strictly after this one, in UTF-8 byte order; `''` starts at the beginning. */
  readonly after: string
  /** Files and common prefixes together, at most. */
  readonly limit: number
}

export type ListedEntry<Entry = FileRecord> =
  | { readonly kind: 'file'; readonly file: Entry }
  | { readonly kind: 'prefix'; readonly prefix: string }

export interface Listing<Entry = FileRecord> {
  /** In UTF-8 byte order. */
  readonly entries: readonly ListedEntry<Entry>[]
  /** What `after` must be for the next page; `null` at the end. */
  readonly nextAfter: string | null
}

export interface ListVersionsQuery extends ListFilesQuery {
  /** Only versions of the key `after` that come after this one; `null` for keys after it. */
  readonly afterVersionId: string | null
}

export interface VersionListing extends Listing<VersionRecord> {
  readonly nextAfterVersionId: string | null
}

export type RemoveOutcome =
  | {
      readonly outcome: 'removed'
      /** What is gone for good; `null` if nothing was there or only a marker was set. */
      readonly removed: VersionRecord | null
      /** The version that was made or removed, where versions are kept. */
      readonly versionId: string | null
      /** The one made, or removed, is a delete marker. */
      readonly isDeleteMarker: boolean
    }
  | { readonly outcome: WriteRefusal }

export type TagOutcome =
  | { readonly outcome: 'tagged'; readonly versionId: string }
  /** `file-missing`: there is no such version, or it is a delete marker. */
  | { readonly outcome: WriteRefusal }

export type MoveOutcome =
  /** `held`: the file is where it was, and goes once it was looked at. */
  | { readonly outcome: 'moved'; readonly file: FileRecord; readonly held?: HeldRecord }
  | { readonly outcome: WriteRefusal | 'target-exists' | 'too-large' }

export interface ListUploadsQuery extends ListFilesQuery {
  /** Only uploads to the key `after` whose id is above; `''` for keys after it. */
  readonly afterUploadId: string
}

/** What the transaction that opens an upload compares. */
export interface OpenConditions extends Pick<WriteConditions, 'epoch'> {
  /** Whoever opens it has at most so many open, this one included. */
  readonly maxOpen: number
}

export type OpenOutcome = {
  readonly outcome: 'opened' | 'bucket-missing' | 'epoch-changed' | 'too-many-uploads'
}

/** What the transaction that stores a part compares. */
export interface PartConditions extends Pick<WriteConditions, 'epoch' | 'quotas'> {
  /** The parts of all open uploads of whoever opened this one hold at most so many bytes together. */
  readonly maxOpenBytes: number
  /** The parts that are there hold exactly so many bytes, and this one comes behind all of them (`offset-moved`). */
  readonly ifOffset?: number
}

export type PartOutcome =
  | { readonly outcome: 'stored'; readonly part: PartRecord }
  /** `file-missing`: what was to be copied is gone. */
  | {
      readonly outcome:
        | 'upload-missing'
        | 'epoch-changed'
        | 'file-missing'
        | 'too-many-bytes'
        | 'offset-moved'
        | 'over-quota'
    }

/** The parts count from then on where the upload leads, in whose quotas they may not have been. */
export type JoinConditions = OpenConditions & Pick<WriteConditions, 'quotas'>

/** `parts-missing`: one of those it is to be put together of is gone, or is not as it was. */
export type JoinOutcome = {
  readonly outcome: OpenOutcome['outcome'] | 'parts-missing' | 'over-quota'
}

/** `upload-missing`: it is gone, or somebody else said it first. */
export type DeclareOutcome = { readonly outcome: 'declared' | 'upload-missing' | 'epoch-changed' }

export interface AbortConditions extends Pick<WriteConditions, 'epoch'> {
  /** Only if nobody has gone on with it until its end: a part that came meanwhile saves it (`upload-missing`). */
  readonly ifIdle?: boolean
}

export type AbortOutcome = { readonly outcome: 'aborted' | 'upload-missing' | 'epoch-changed' }
