/**
 * The port to wherever blobs rest. A blob is bytes under a random id: written once, never changed.
 * Core decides ids; a driver never derives a place from anything a client sent.
 *
 * Faults: `StoreUnavailable` (a retry may help), `StoreConflict`, `StoreCorrupt` from platform/store-errors.ts.
 * Anything else a driver throws is a bug.
 */

/** Both ends inclusive, within the blob. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

export interface BlobCapabilities {
  /** Can hand out its own presigned URLs, so that bytes need not pass through this server. */
  readonly presignedRedirect: boolean
}

/** Bytes being read, from the start of the asked range to its end. Always close it, also after a failure. */
export interface BlobReader {
  /**
   * Fills `buffer` from its start with the bytes that follow and resolves to how many; 0 at the end of the range.
   * The buffer belongs to the reader until the promise settles.
   */
  readInto(buffer: Uint8Array): Promise<number>
  close(): Promise<void>
}

export interface BlobStore {
  readonly capabilities: BlobCapabilities

  /**
   * Writes every byte of `body` under `blobId`. When it resolves the blob is complete, in place and safe against
   * a power cut (temp file, fsync, rename, fsync of the directory). When it rejects, or `signal` aborts, nothing is left,
   * not even temporary bytes. An id that exists already is a `StoreConflict`. Resolves to the number of bytes.
   * A chunk belongs to the store once it is yielded: its memory may be given back, so nobody may look at it again.
   */
  write(blobId: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<number>

  /** Opens a blob, or `range` of it. Absent is `StoreCorrupt`: the catalog said that it is there. */
  open(blobId: string, range: ByteRange | null, signal: AbortSignal): Promise<BlobReader>

  /** Removes a blob. Absent is fine: deletes are repeated after a crash. */
  delete(blobId: string): Promise<void>

  /** Every blob at rest, for consistency checks. Order means nothing. */
  list(): AsyncIterable<{
    readonly blobId: string
    readonly size: number
    readonly writtenAtMs: number
  }>

  /** Removes temporary bytes that a crash left before `olderThanMs`; resolves to how many files. */
  removeLeftovers(olderThanMs: number): Promise<number>

  close(): Promise<void>
}
