/** Gathers the chunks of a body into one piece of memory that can be sent, and sent again. Grows as bytes come: most bodies are small. */

export interface PartBuffer {
  /** Takes as much as there is room for; what is left over comes back, empty if nothing is. */
  add(chunk: Uint8Array): Uint8Array
  readonly size: number
  readonly isFull: boolean
  bytes(): Uint8Array
}

const FIRST_BYTES = 64 * 1024

export function createPartBuffer(maxBytes: number): PartBuffer {
  let memory = Buffer.allocUnsafeSlow(Math.min(FIRST_BYTES, maxBytes))
  let size = 0
  return {
    add(chunk) {
      const taken = chunk.subarray(0, maxBytes - size)
      if (size + taken.length > memory.length) {
        const grown = Math.max(size + taken.length, memory.length * 2)
        const larger = Buffer.allocUnsafeSlow(Math.min(maxBytes, grown))
        memory.copy(larger, 0, 0, size)
        memory = larger
      }
      memory.set(taken, size)
      size += taken.length
      return chunk.subarray(taken.length)
    },
    get size() {
      return size
    },
    get isFull() {
      return size === maxBytes
    },
    bytes: () => memory.subarray(0, size),
  }
}
