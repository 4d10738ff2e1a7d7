/**
 * The memory that all parts on their way to stores may take in this process. Parts are held so that they can be sent again; a crowd of large
 * uploads must not take all there is: who comes when it is used up is told to come again.
 */
import { storeUnavailable } from '../../platform/store-errors.ts'

export interface PartMemory {
  /** Throws `StoreUnavailable` if there is not so much left. */
  take(bytes: number): void
  giveBack(bytes: number): void
}

const MIB = 1024 * 1024

export function createPartMemory(maxBytes: number): PartMemory {
  let left = maxBytes
  return {
    take(bytes) {
      if (bytes > left) {
        throw storeUnavailable('More uploads are under way than there is memory for their parts.')
      }
      left -= bytes
    },
    giveBack(bytes) {
      left += bytes
    },
  }
}

/** Of this process, whatever its stores are. */
export const PART_MEMORY: PartMemory = createPartMemory(512 * MIB)
