/**
 * Memory that threads share, in pieces of one size: all there is for all of them, however many streams want some. Whoever waits for a
 * piece gets one in turn.
 */

export interface SharedPieces {
  readonly memory: SharedArrayBuffer
  /** Where a piece starts; it is the caller's until it is given back. */
  readonly take: () => Promise<number>
  readonly give: (start: number) => void
  /** Whether so few are left that nobody should keep one that is not full. */
  readonly areScarce: () => boolean
}

export const PIECE_BYTES: number = 1024 * 1024

export function createSharedPieces(count: number): SharedPieces {
  const memory = new SharedArrayBuffer(count * PIECE_BYTES)
  const free = Array.from({ length: count }, (_, index) => index * PIECE_BYTES)
  const waiting: ((start: number) => void)[] = []
  return {
    memory,
    take() {
      // The one that was given back last: what is never needed is never touched, and takes no memory.
      const start = free.pop()
      if (start !== undefined) return Promise.resolve(start)
      return new Promise((resolve) => waiting.push(resolve))
    },
    give(start) {
      const next = waiting.shift()
      if (next === undefined) free.push(start)
      else next(start)
    },
    areScarce: () => free.length < count / 2,
  }
}
