/**
 * Refuses a body for which there is no room before a byte of it is read, and leaves the last of the disk alone: the catalog
 * needs some to say that something was deleted.
 */
import { diskFull } from './disk-error.ts'

export interface Room {
  /** Throws `StoreFull`. */
  require(bytes: number): Promise<void>
}

/** Of the disk, left to the catalog. */
const LEFT_BYTES = 16 * 1024 * 1024
/** How long an answer of the file system is believed. */
const ASK_EVERY_MS = 1000

export function createRoom(askFreeBytes: () => Promise<number>): Room {
  let askedAt = Number.NEGATIVE_INFINITY
  let free: Promise<number> = Promise.resolve(0)
  return {
    async require(bytes) {
      if (performance.now() - askedAt > ASK_EVERY_MS) {
        askedAt = performance.now()
        // A file system that does not say is asked by writing.
        free = askFreeBytes().catch(() => Number.POSITIVE_INFINITY)
      }
      const left = (await free) - LEFT_BYTES
      if (bytes > left) throw diskFull(`for ${bytes} bytes`)
    },
  }
}
