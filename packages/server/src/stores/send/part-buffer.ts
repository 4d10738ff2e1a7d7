/** Gathers the chunks of a body into one piece of memory that can be sent, and sent again. Grows as bytes come: most bodies are small. */
import { PART_MEMORY } from './part-memory.ts'
import type { PartMemory } from './part-memory.ts'

export interface PartBuffer {
  /** Takes as much as there is room for; what is left over comes back, empty if nothing is. */
  add(chunk: Uint8Array): Uint8Array
  readonly size: number
  readonly isFull: boolean
  bytes(): Uint8Array
  /** Its memory is not needed any more. */
  release(): void
}

const FIRST_BYTES = 64 * 1024

export function createPartBuffer(maxBytes: number, memory: PartMemory = PART_MEMORY): PartBuffer {
  let bytes = Buffer.alloc(0)
  let size = 0

  function grow(needed: number): void {
    const wanted = Math.min(maxBytes, Math.max(FIRST_BYTES, needed, bytes.length * 2))
    memory.take(wanted - bytes.length)
    const larger = Buffer.allocUnsafeSlow(wanted)
    bytes.copy(larger, 0, 0, size)
    bytes = larger
  }

  return {
    add(chunk) {
      const taken = chunk.subarray(0, maxBytes - size)
      if (size + taken.length > bytes.length) grow(size + taken.length)
      bytes.set(taken, size)
      size += taken.length
      return chunk.subarray(taken.length)
    },
    get size() {
      return size
    },
    get isFull() {
      return size === maxBytes
    },
    bytes: () => bytes.subarray(0, size),
    release() {
      memory.giveBack(bytes.length)
      bytes = Buffer.alloc(0)
      size = 0
    },
  }
}
