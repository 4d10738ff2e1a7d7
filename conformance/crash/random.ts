/** Numbers that look random and come back with the same seed (mulberry32), so that a failing run can be repeated. */

export interface SeededRandom {
  /** A whole number, `least <= n <= most`. */
  between(least: number, most: number): number
  chance(probability: number): boolean
}

export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  function next(): number {
    state = (state + 0x6d_2b_79_f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
  }
}

/** Bytes made of one number: the ledger keeps the number. Every 32-byte block differs, so a torn body cannot pass. */
export function bytesOf(version: number, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  const random = createSeededRandom(version)
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, size >> 2)
  for (let at = 0; at < words.length; at += 1) words[at] = random.between(0, 2 ** 32 - 1)
  bytes.fill(version & 0xff, words.length * 4)
  return bytes
}
