/** Which blobs were seen, one bit each by their position: a listing comes in another order than the catalog. */

export interface SeenPositions {
  add(position: number): void
  has(position: number): boolean
}

const BITS = 65_536

export function createSeenPositions(): SeenPositions {
  const chunks = new Map<number, Uint8Array>()
  return {
    add(position) {
      const at = Math.floor(position / BITS)
      const chunk = chunks.get(at) ?? new Uint8Array(BITS / 8)
      chunks.set(at, chunk)
      const bit = position % BITS
      chunk[bit >> 3] = (chunk[bit >> 3] ?? 0) | (1 << (bit & 7))
    },
    has(position) {
      const bit = position % BITS
      const byte = chunks.get(Math.floor(position / BITS))?.[bit >> 3] ?? 0
      return (byte & (1 << (bit & 7))) !== 0
    },
  }
}
