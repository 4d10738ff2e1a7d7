/**
 * SHA-1 [FIPS180-4 6.1], for the dialects whose vendors still ask for it. Nothing of our own relies on it.
 *
 * @module
 */
import type { BlockHash } from './merkle-damgard.ts'

// [FIPS180-4 5.3.1]
const INITIAL_STATE = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0)

// [FIPS180-4 4.2.1] One constant for each twenty rounds.
const K = Int32Array.of(0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6)

function createSchedule(bytes: Uint8Array, offset: number): Int32Array {
  const W = new Int32Array(80)
  for (let t = 0, at = offset; t < 16; t += 1, at += 4) {
    W[t] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let t = 16; t < 80; t += 1) {
    const x =
      (W[t - 3] as number) ^ (W[t - 8] as number) ^ (W[t - 14] as number) ^ (W[t - 16] as number)
    W[t] = (x << 1) | (x >>> 31)
  }
  return W
}

/** [FIPS180-4 4.1.1] Ch, Parity, Maj, Parity: the function of each twenty rounds. */
function mix(quarter: number, b: number, c: number, d: number): number {
  if (quarter === 0) return (b & c) ^ (~b & d)
  if (quarter === 2) return (b & c) ^ (b & d) ^ (c & d)
  return b ^ c ^ d
}

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const W = createSchedule(bytes, offset)
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  for (let quarter = 0; quarter < 4; quarter += 1) {
    const k = K[quarter] as number
    for (let t = 20 * quarter; t < 20 * quarter + 20; t += 1) {
      const next = (((a << 5) | (a >>> 27)) + mix(quarter, b, c, d) + e + k + (W[t] as number)) | 0
      e = d
      d = c
      c = (b << 30) | (b >>> 2)
      b = a
      a = next
    }
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
}

export const sha1: BlockHash = {
  name: 'sha1',
  blockBytes: 64,
  digestBytes: 20,
  littleEndian: false,
  initialState: INITIAL_STATE,
  compress,
}
