/**
 * The port to wherever blobs rest. A blob is bytes under a random id: written once, never changed.
 * Callers decide ids; a driver never derives a place from anything a client sent.
 *
 * Faults: `StoreUnavailable` (a retry may help), `StoreFull`, `StoreConflict`, `StoreCorrupt` from
 * platform/store-errors.ts. Anything else a driver throws is a bug.
 */

/** Both ends inclusive, within the blob. */
export interface ByteRange {
  readonly start: number
  readonly end: number
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

export interface BlobWriteOptions {
  /** How many bytes will come; `null` if nobody knows. A store that must know may buffer. */
  readonly size: number | null
  readonly signal: AbortSignal
}

export interface BlobStat {
  readonly size: number
  /** Where a store does not know exactly, later than it was and never earlier: what is young may be about to be spoken of. */
  readonly writtenAtMs: number
}

export interface BlobStore {
  /**
   * Writes every byte of `body` under `blobId`. When it resolves the blob is complete, in place and safe against
   * a power cut. When it rejects, or the signal aborts, nothing is left, not even temporary bytes. An id that exists
   * already is a `StoreConflict`. Resolves to the number of bytes.
   * A chunk belongs to the store once it is yielded: its memory may be given back, so nobody may look at it again.
   */
  write(blobId: string, body: AsyncIterable<Uint8Array>, options: BlobWriteOptions): Promise<number>

  /** For many writes one after the other; `null` where each alone costs no more. */
  readonly beginBatch: (() => BlobBatch) | null

  /** Opens a blob, or `range` of it. Absent is `StoreCorrupt`: the catalog said that it is there. */
  open(blobId: string, range: ByteRange | null, signal: AbortSignal): Promise<BlobReader>

  /** `null` if there is no such blob. */
  stat(blobId: string): Promise<BlobStat | null>

  /** Removes a blob. Absent is fine: deletes are repeated after a crash. */
  delete(blobId: string): Promise<void>

  /** Every blob at rest, for consistency checks. Order means nothing. */
  list(): AsyncIterable<{ readonly blobId: string } & BlobStat>

  /** Removes temporary bytes that a crash left before `olderThanMs`; resolves to how many files. */
  removeLeftovers(olderThanMs: number): Promise<number>

  /** How many bytes there is room for; `null` where nobody can say. */
  readonly freeBytes: (() => Promise<number>) | null

  /** A URL of the store's own to read one blob; `null` where bytes must pass through this server. */
  readonly sign: ((blobId: string, expiresInSeconds: number) => Promise<URL>) | null

  /** Makes one blob out of ranges of others without moving bytes here; `null` where a store cannot. */
  readonly compose: ((blobId: string, parts: readonly BlobPart[]) => Promise<void>) | null

  close(): Promise<void>
}

/** Blobs that come to be together: one wait for the disk in place of one for each. */
export interface BlobBatch {
  /** As `BlobStore.write` does, but that the blob is neither in place nor safe before `settle`. */
  write(blobId: string, body: AsyncIterable<Uint8Array>, options: BlobWriteOptions): Promise<number>
  /**
   * Puts everything in place whose write has resolved; safe against a power cut when it resolves, to the ids that existed already,
   * of which nothing was written. When it rejects some may be in place, each of them whole.
   */
  settle(): Promise<readonly string[]>
  /** Gives up what is not in place. */
  discard(): Promise<void>
}

export interface BlobPart {
  readonly blobId: string
  /** `null` for all of it. */
  readonly range: ByteRange | null
}
