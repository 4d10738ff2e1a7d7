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
const LEAST_BYTES = 512

/** `null` if there is no such blob. */
export async function hashBlob(
  blobs: Pick<BlobStore, 'open' | 'stat'>,
  blobId: string,
  { signal, onRead }: HashBlobOptions,
): Promise<HashedBlob | null> {
  const stat = await blobs.stat(blobId)
  if (stat === null) return null
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of readBlob(blobs, { blobId, size: stat.size }, signal)) {
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

export interface SizedBlob {
  readonly blobId: string
  /** As far as anybody knows: pieces are no larger than it takes. */
  readonly size: number
}

/** The bytes of a blob. Each piece belongs to whoever takes it. */
export async function* readBlob(
  blobs: Pick<BlobStore, 'open'>,
  { blobId, size }: SizedBlob,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = await blobs.open(blobId, null, signal)
  try {
    for (let left = size; ;) {
      signal.throwIfAborted()
      const piece = new Uint8Array(Math.min(PIECE_BYTES, Math.max(left, LEAST_BYTES)))
      const count = await reader.readInto(piece)
      if (count === 0) return
      left -= count
      yield count === piece.length ? piece : piece.subarray(0, count)
    }
  } finally {
    await reader.close()
  }
}
