/**
 * SHA-512 [FIPS180-4 6.4]. A 64-bit word is two neighbours of an `Int32Array`, the high half first.
 *
 * @module
 */
import type { BlockHash } from './merkle-damgard.ts'

// [FIPS180-4 4.2.3] The first 64 bits of the fractional parts of the cube roots of the first 80 primes.
// prettier-ignore
const K = Int32Array.of(
  0x428a2f98, 0xd728ae22, 0x71374491, 0x23ef65cd, 0xb5c0fbcf, 0xec4d3b2f, 0xe9b5dba5, 0x8189dbbc,
  0x3956c25b, 0xf348b538, 0x59f111f1, 0xb605d019, 0x923f82a4, 0xaf194f9b, 0xab1c5ed5, 0xda6d8118,
  0xd807aa98, 0xa3030242, 0x12835b01, 0x45706fbe, 0x243185be, 0x4ee4b28c, 0x550c7dc3, 0xd5ffb4e2,
  0x72be5d74, 0xf27b896f, 0x80deb1fe, 0x3b1696b1, 0x9bdc06a7, 0x25c71235, 0xc19bf174, 0xcf692694,
  0xe49b69c1, 0x9ef14ad2, 0xefbe4786, 0x384f25e3, 0x0fc19dc6, 0x8b8cd5b5, 0x240ca1cc, 0x77ac9c65,
  0x2de92c6f, 0x592b0275, 0x4a7484aa, 0x6ea6e483, 0x5cb0a9dc, 0xbd41fbd4, 0x76f988da, 0x831153b5,
  0x983e5152, 0xee66dfab, 0xa831c66d, 0x2db43210, 0xb00327c8, 0x98fb213f, 0xbf597fc7, 0xbeef0ee4,
  0xc6e00bf3, 0x3da88fc2, 0xd5a79147, 0x930aa725, 0x06ca6351, 0xe003826f, 0x14292967, 0x0a0e6e70,
  0x27b70a85, 0x46d22ffc, 0x2e1b2138, 0x5c26c926, 0x4d2c6dfc, 0x5ac42aed, 0x53380d13, 0x9d95b3df,
  0x650a7354, 0x8baf63de, 0x766a0abb, 0x3c77b2a8, 0x81c2c92e, 0x47edaee6, 0x92722c85, 0x1482353b,
  0xa2bfe8a1, 0x4cf10364, 0xa81a664b, 0xbc423001, 0xc24b8b70, 0xd0f89791, 0xc76c51a3, 0x0654be30,
  0xd192e819, 0xd6ef5218, 0xd6990624, 0x5565a910, 0xf40e3585, 0x5771202a, 0x106aa070, 0x32bbd1b8,
  0x19a4c116, 0xb8d2d0c8, 0x1e376c08, 0x5141ab53, 0x2748774c, 0xdf8eeb99, 0x34b0bcb5, 0xe19b48a8,
  0x391c0cb3, 0xc5c95a63, 0x4ed8aa4a, 0xe3418acb, 0x5b9cca4f, 0x7763e373, 0x682e6ff3, 0xd6b2b8a3,
  0x748f82ee, 0x5defb2fc, 0x78a5636f, 0x43172f60, 0x84c87814, 0xa1f0ab72, 0x8cc70208, 0x1a6439ec,
  0x90befffa, 0x23631e28, 0xa4506ceb, 0xde82bde9, 0xbef9a3f7, 0xb2c67915, 0xc67178f2, 0xe372532b,
  0xca273ece, 0xea26619c, 0xd186b8c7, 0x21c0c207, 0xeada7dd6, 0xcde0eb1e, 0xf57d4f7f, 0xee6ed178,
  0x06f067aa, 0x72176fba, 0x0a637dc5, 0xa2c898a6, 0x113f9804, 0xbef90dae, 0x1b710b35, 0x131c471b,
  0x28db77f5, 0x23047d84, 0x32caab7b, 0x40c72493, 0x3c9ebe0a, 0x15c9bebc, 0x431d67c4, 0x9c100d4c,
  0x4cc5d4be, 0xcb3e42b6, 0x597f299c, 0xfc657e2a, 0x5fcb6fab, 0x3ad6faec, 0x6c44198c, 0x4a475817,
)

// [FIPS180-4 5.3.5]
// prettier-ignore
const INITIAL_STATE = Int32Array.of(
  0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1,
  0x510e527f, 0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179,
)

/** The low half of a sum may be given as up to five unsigned halves: 2^53 is far. */
function low(word: number): number {
  return word >>> 0
}

/** Bits 32 to 63, or with the halves swapped 0 to 31, of a word turned right by `count` (1 to 31). */
function turned(high: number, low: number, count: number): number {
  return (high >>> count) | (low << (32 - count))
}

/** The message schedule [FIPS180-4 6.4.2 step 1]. */
function createSchedule(bytes: Uint8Array, offset: number): Int32Array {
  const W = new Int32Array(160)
  for (let index = 0, at = offset; index < 32; index += 1, at += 4) {
    W[index] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let t = 32; t < 160; t += 2) {
    const h15 = W[t - 30] as number
    const l15 = W[t - 29] as number
    const h2 = W[t - 4] as number
    const l2 = W[t - 3] as number
    // sigma0 = rotr 1 ^ rotr 8 ^ shr 7, sigma1 = rotr 19 ^ rotr 61 ^ shr 6
    const s0High = turned(h15, l15, 1) ^ turned(h15, l15, 8) ^ (h15 >>> 7)
    const s0Low = turned(l15, h15, 1) ^ turned(l15, h15, 8) ^ turned(l15, h15, 7)
    const s1High = turned(h2, l2, 19) ^ turned(l2, h2, 29) ^ (h2 >>> 6)
    const s1Low = turned(l2, h2, 19) ^ turned(h2, l2, 29) ^ turned(l2, h2, 6)
    const sum = low(s0Low) + low(s1Low) + low(W[t - 13] as number) + low(W[t - 31] as number)
    W[t + 1] = sum
    W[t] = s0High + s1High + (W[t - 14] as number) + (W[t - 32] as number) + carry(sum)
  }
  return W
}

/** What a sum of low halves adds to the high half. */
function carry(sum: number): number {
  return Math.floor(sum / 0x1_0000_0000)
}

/** One round [FIPS180-4 6.4.2 step 3] over `work`, which holds a to h as pairs, and the schedule. */
function round(work: Int32Array, W: Int32Array, t: number): void {
  const aHigh = work[0] as number
  const aLow = work[1] as number
  const eHigh = work[8] as number
  const eLow = work[9] as number
  // Sum1 = rotr 14 ^ rotr 18 ^ rotr 41
  const sum1High = turned(eHigh, eLow, 14) ^ turned(eHigh, eLow, 18) ^ turned(eLow, eHigh, 9)
  const sum1Low = turned(eLow, eHigh, 14) ^ turned(eLow, eHigh, 18) ^ turned(eHigh, eLow, 9)
  const chHigh = (eHigh & (work[10] as number)) ^ (~eHigh & (work[12] as number))
  const chLow = (eLow & (work[11] as number)) ^ (~eLow & (work[13] as number))
  const t1Sum =
    low(work[15] as number) +
    low(sum1Low) +
    low(chLow) +
    low(K[t + 1] as number) +
    low(W[t + 1] as number)
  const t1High =
    ((work[14] as number) +
      sum1High +
      chHigh +
      (K[t] as number) +
      (W[t] as number) +
      carry(t1Sum)) |
    0
  // Sum0 = rotr 28 ^ rotr 34 ^ rotr 39
  const sum0High = turned(aHigh, aLow, 28) ^ turned(aLow, aHigh, 2) ^ turned(aLow, aHigh, 7)
  const sum0Low = turned(aLow, aHigh, 28) ^ turned(aHigh, aLow, 2) ^ turned(aHigh, aLow, 7)
  const majHigh = majority(aHigh, work[2] as number, work[4] as number)
  const majLow = majority(aLow, work[3] as number, work[5] as number)
  const aSum = low(t1Sum | 0) + low(sum0Low) + low(majLow)
  const eSum = low(work[7] as number) + low(t1Sum | 0)
  const newE = ((work[6] as number) + t1High + carry(eSum)) | 0
  work.copyWithin(2, 0, 14)
  work[0] = t1High + sum0High + majHigh + carry(aSum)
  work[1] = aSum
  work[8] = newE
  work[9] = eSum
}

function majority(x: number, y: number, z: number): number {
  return (x & y) ^ (x & z) ^ (y & z)
}

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const W = createSchedule(bytes, offset)
  const work = state.slice()
  for (let t = 0; t < 160; t += 2) round(work, W, t)
  for (let index = 0; index < 16; index += 2) {
    const sum = low(state[index + 1] as number) + low(work[index + 1] as number)
    state[index + 1] = sum
    state[index] = (state[index] as number) + (work[index] as number) + carry(sum)
  }
}

export const sha512: BlockHash = {
  name: 'sha512',
  blockBytes: 128,
  digestBytes: 64,
  littleEndian: false,
  initialState: INITIAL_STATE,
  compress,
}
