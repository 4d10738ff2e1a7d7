/**
 * Small bodies kept in memory, bounded in bytes. Contents never change, so an entry can never be stale; whether a file still
 * holds a content is asked of the catalog every time.
 */
import { LRUCache } from 'lru-cache'

/** Bodies above this are read from the store each time. */
export const MAX_CACHED_BYTES: number = 1024 * 1024
const DEFAULT_CACHE_BYTES: number = 96 * 1024 * 1024

export interface ContentCache {
  get(contentId: string): Uint8Array | undefined
  /** Ignores what is too large. The bytes must not be changed afterwards. */
  set(contentId: string, bytes: Uint8Array): void
}

export function createContentCache(maxBytes: number = DEFAULT_CACHE_BYTES): ContentCache {
  // An empty body has no size to count, and lru-cache takes none below one.
  const cache = new LRUCache<string, Uint8Array>({
    maxSize: maxBytes,
    sizeCalculation: (bytes) => bytes.length + 1,
  })
  return {
    get: (contentId) => cache.get(contentId),
    set(contentId, bytes) {
      if (bytes.length <= MAX_CACHED_BYTES) cache.set(contentId, bytes)
    },
  }
}
