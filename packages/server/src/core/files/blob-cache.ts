/**
 * Small bodies kept in memory, bounded in bytes. Blobs never change, so an entry can never be stale; whether a file still
 * points at a blob is asked of the catalog every time.
 */
import { LRUCache } from 'lru-cache'

/** Bodies above this are read from the store each time. */
export const MAX_CACHED_BLOB_BYTES: number = 1024 * 1024
export const DEFAULT_CACHE_BYTES: number = 96 * 1024 * 1024

export interface BlobCache {
  get(blobId: string): Uint8Array | undefined
  /** Ignores what is too large. The bytes must not be changed afterwards. */
  set(blobId: string, bytes: Uint8Array): void
}

export function createBlobCache(maxBytes: number = DEFAULT_CACHE_BYTES): BlobCache {
  // An empty body has no size to count, and lru-cache takes none below one.
  const cache = new LRUCache<string, Uint8Array>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => bytes.length + 1,
  })
  return {
    get: (blobId) => cache.get(blobId),
    set(blobId, bytes) {
      if (bytes.length <= MAX_CACHED_BLOB_BYTES) cache.set(blobId, bytes)
    },
  }
}
