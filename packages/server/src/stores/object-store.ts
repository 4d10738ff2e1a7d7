/**
 * The port to object stores that somebody else runs: S3 and what speaks it, Google Cloud Storage, Azure Blob. One store is one bucket or
 * container, below one prefix, which callers never see. Two stand on it: `blobs/stored` keeps this server's blobs there, `trees/mounted`
 * shows what lies there under its own names.
 *
 * Faults: `StoreUnavailable` (a retry may help; the driver has spent its own), `StoreFull`, `StoreConflict`, `StoreCorrupt` from
 * platform/store-errors.ts. What a store answers is not to be trusted: lengths are compared, redirects to other hosts are not
 * followed, XML with a DOCTYPE is refused. No credential is in any error, log line or answer.
 *
 * A write has happened when its promise resolves; when it rejects it may have happened or not, and `stat` tells. A request whose answer
 * was lost may meet its own object when it is sent again: a driver that can tell it by its ETag says that it happened, one that cannot says
 * `StoreConflict`.
 * What the body or the signal throws is thrown as it is. A chunk of a body belongs to the store once it is yielded.
 */
import type { BlobReader, ByteRange } from '../blobs/blob-store.ts'

/** What a store says of one object. */
export interface StoredObject {
  readonly key: string
  readonly size: number
  /** With no quotes around it, and opaque: compared, never taken apart. */
  readonly etag: string
  /** Milliseconds, 0 if it is not said; a store may know whole seconds only. Of what was just written: when the store answered. */
  readonly modifiedAt: number
  /** `null` where the store keeps no versions. */
  readonly versionId: string | null
}

/** What is kept with an object and comes back with it. Names of `metadata` are in lower case, without a vendor's prefix. */
export interface StoredHeaders {
  readonly contentType: string | null
  readonly contentDisposition: string | null
  readonly contentEncoding: string | null
  readonly contentLanguage: string | null
  readonly cacheControl: string | null
  readonly metadata: Readonly<Record<string, string>>
}

/** One object with its headers. */
export type StoredHead = StoredObject & StoredHeaders

export interface ReadOptions {
  /** `null`: all of it. A range that begins behind the end is a bug of the caller: heads come first. */
  readonly range: ByteRange | null
  /** The read fails with `StoreConflict` if the object is another one by now; `null`: any will do. */
  readonly etag: string | null
  readonly signal: AbortSignal
}

/** What must be so for a write to happen; the store compares. A `StoreConflict` if it is not. */
export type WriteCondition =
  | { readonly kind: 'absent' }
  | { readonly kind: 'etag'; readonly etag: string }

export interface WriteOptions {
  /** `null`: unknown; a driver that must know sends parts. */
  readonly size: number | null
  readonly headers: StoredHeaders
  readonly condition: WriteCondition | null
  readonly signal: AbortSignal
}

export interface CopyOptions {
  /** `null`: those of the source. */
  readonly headers: StoredHeaders | null
  /** Of the source. */
  readonly etag: string | null
  readonly condition: WriteCondition | null
  readonly signal: AbortSignal
}

export interface ListOptions {
  readonly prefix: string
  /** Keys with it behind the prefix are rolled up; `null`: none are. */
  readonly delimiter: string | null
  /** Only keys and rolled-up prefixes behind it, in the order of UTF-8 bytes; empty: from the start. */
  readonly after: string
  /** At least 1; a page may hold fewer and still not be the last. */
  readonly limit: number
}

export interface StoredPage {
  /** In the order of their keys' UTF-8 bytes. */
  readonly objects: readonly StoredObject[]
  readonly prefixes: readonly string[]
  readonly isLast: boolean
}

export interface SignedRead {
  readonly expiresInSeconds: number
  /** Signed in, and sent by the store with the answer. */
  readonly responseContentType?: string
  readonly responseContentDisposition?: string
}

/** All of it is signed in, and to be sent by whoever uploads. */
export interface SignedWrite {
  readonly expiresInSeconds: number
  readonly contentType?: string
  readonly contentLength?: number
  /** Base64. */
  readonly checksumSha256?: string
  /** One part of an upload, in place of an object. */
  readonly part?: { readonly uploadId: string; readonly number: number }
}

export interface StoredPart {
  /** From 1. */
  readonly number: number
  readonly etag: string
  readonly size: number
}

export interface StoredUpload {
  readonly key: string
  readonly uploadId: string
  /** 0 if it is not said. */
  readonly startedAt: number
}

/** Uploads that nobody will complete, in a store that knows them by name and gives them up when it is told. */
export interface StoredLeftovers {
  /** Those that were begun below `prefix`, whoever began them. */
  list(prefix: string): AsyncIterable<StoredUpload>
  /** Absent is fine. */
  abort(key: string, uploadId: string): Promise<void>
}

/** Objects that are sent in parts. An upload that the store knows not to be there (any more) is `null`, never a fault. */
export interface StoredUploads {
  create(key: string, headers: StoredHeaders): Promise<string>
  writePart(
    upload: { readonly key: string; readonly uploadId: string },
    part: { readonly number: number; readonly size: number; readonly signal: AbortSignal },
    body: AsyncIterable<Uint8Array>,
  ): Promise<StoredPart | null>
  /** All of them, in the order of their numbers. */
  listParts(key: string, uploadId: string): Promise<readonly StoredPart[] | null>
  /** Of one that was completed before: `null`, or what it became. */
  complete(
    upload: { readonly key: string; readonly uploadId: string },
    parts: readonly StoredPart[],
    condition: WriteCondition | null,
  ): Promise<StoredObject | null>
  /** `null`: the store throws away by itself what nobody completes, after days, and cannot be told to. */
  readonly leftovers: StoredLeftovers | null
  /** Every part but the last has at least so many bytes. */
  readonly minPartBytes: number
  readonly maxParts: number
}

export interface ObjectStore {
  /** Whose it is, for people: `s3://bucket/prefix`. No credential is in it. */
  readonly name: string
  stat(key: string): Promise<StoredHead | null>
  /** `null` if there is no such object. Every byte that was asked for comes, or reading fails: a short answer is `StoreCorrupt`. */
  open(
    key: string,
    options: ReadOptions,
  ): Promise<{ readonly head: StoredHead; readonly reader: BlobReader } | null>
  write(key: string, body: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredObject>
  /** Moves no byte through here. `null` if there is no such source. */
  copy(from: string, to: string, options: CopyOptions): Promise<StoredObject | null>
  /** Absent is fine. */
  delete(key: string): Promise<void>
  list(options: ListOptions): Promise<StoredPage>
  readonly uploads: StoredUploads
  /** A URL of the store's own; `null` where its credentials cannot sign. */
  readonly sign: ((key: string, link: SignedRead) => Promise<URL>) | null
  /** The same for writing; `null` also where nothing that such a URL says could hold whoever has it to that. */
  readonly signWrite: ((key: string, link: SignedWrite) => Promise<URL>) | null
  close(): Promise<void>
}

/** How a store stands to this server. `refused`: it answers, and lets this server do nothing; `why` is for the operator alone. */
export type Reach =
  | { readonly kind: 'reached' }
  | { readonly kind: 'silent' }
  | { readonly kind: 'refused'; readonly why: string }
