/**
 * A seeded source of choices, so that the corpus is the same on every machine.
 */
export interface Random {
  readonly next: () => number
  readonly int: (from: number, to: number) => number
  readonly pick: <T>(list: readonly T[]) => T
  readonly text: (length: number, alphabet: string) => string
}

/** A generator (mulberry32) with the given seed. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  function int(from: number, to: number): number {
    return from + Math.floor(next() * (to - from + 1))
  }
  function pick<T>(list: readonly T[]): T {
    return list[int(0, list.length - 1)] as T
  }
  function text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[int(0, alphabet.length - 1)]).join('')
  }
  return { next, int, pick, text }
}
