/** What a blob of any store hashes to. */
import { createHash } from 'node:crypto'
import { StoreError } from '../platform/store-errors.ts'
import type { BlobStore } from './blob-store.ts'

export interface HashedBlob {
  readonly size: number
  /** Base64. */
  readonly sha256: string
}

export interface HashBlobOptions {
  readonly signal: AbortSignal
  /** Told of every piece that was read, and waited for: whoever reads slowly waits here. */
  readonly onRead?: (bytes: number) => Promise<void>
}

const PIECE_BYTES = 256 * 1024

/** `null` if there is no such blob. */
export async function hashBlob(
  blobs: Pick<BlobStore, 'open' | 'stat'>,
  blobId: string,
  { signal, onRead }: HashBlobOptions,
): Promise<HashedBlob | null> {
  if ((await blobs.stat(blobId)) === null) return null
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of readBlob(blobs, blobId, signal)) {
    hash.update(piece)
    size += piece.length
    await onRead?.(piece.length)
  }
  return { size, sha256: hash.digest('base64') }
}

/** The same, also `null` if it cannot be read to its end because it is damaged. */
export async function hashBlobOrNull(
  blobs: Pick<BlobStore, 'open' | 'stat'>,
  blobId: string,
  options: HashBlobOptions,
): Promise<HashedBlob | null> {
  try {
    return await hashBlob(blobs, blobId, options)
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'corrupt') return null
    throw error
  }
}

/** The bytes of a blob. Each piece belongs to whoever takes it. */
export async function* readBlob(
  blobs: Pick<BlobStore, 'open'>,
  blobId: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = await blobs.open(blobId, null, signal)
  try {
    for (;;) {
      signal.throwIfAborted()
      const piece = new Uint8Array(PIECE_BYTES)
      const count = await reader.readInto(piece)
      if (count === 0) return
      yield piece.subarray(0, count)
    }
  } finally {
    await reader.close()
  }
}
