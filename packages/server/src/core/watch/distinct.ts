/** Counts different things in a few bits: each sets one, and how many are set says how many there were (linear counting). */

/** Sets the bit of a thing. `bits` is a multiple of 32, `at` where its words begin. */
export function markDistinct(words: Uint32Array, at: number, bits: number, hash: number): void {
  const bit = hash % bits
  const word = at + (bit >>> 5)
  words[word] = ((words[word] ?? 0) | (1 << (bit & 31))) >>> 0
}

/** About how many different things were marked; never more than four times the bits. */
export function countDistinct(words: Uint32Array, at: number, bits: number): number {
  let unset = bits
  for (let word = at; word < at + (bits >>> 5); word += 1) unset -= countBits(words[word] ?? 0)
  return unset === 0 ? bits * 4 : bits * Math.log(bits / unset)
}

function countBits(word: number): number {
  let left = word - ((word >>> 1) & 0x55555555)
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333)
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
