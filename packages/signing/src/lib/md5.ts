/**
 * MD5 [RFC1321 3], for ETags, `Content-MD5` and the CDN dialects that use it. Never a security boundary of our own.
 *
 * @module
 */
import type { BlockHash } from './merkle-damgard.ts'

// [RFC1321 3.3]
const INITIAL_STATE = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)

// [RFC1321 3.4] T[i] is the integer part of 2^32 times the absolute sine of i, in radians.
const T = Int32Array.from({ length: 64 }, (_, index) =>
  Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32),
)

// [RFC1321 3.4] Rotations, four a round, in turn.
const ROTATIONS = Int32Array.of(7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21)

/** [RFC1321 3.4] The functions F, G, H and I. */
function mix(round: number, x: number, y: number, z: number): number {
  if (round === 0) return (x & y) | (~x & z)
  if (round === 1) return (x & z) | (y & ~z)
  if (round === 2) return x ^ y ^ z
  return y ^ (x | ~z)
}

/** [RFC1321 3.4] Which word of the block step `i` reads. */
function wordOf(round: number, i: number): number {
  if (round === 0) return i
  if (round === 1) return (5 * i + 1) & 15
  if (round === 2) return (3 * i + 5) & 15
  return (7 * i) & 15
}

function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const X = new Int32Array(16)
  for (let index = 0, at = offset; index < 16; index += 1, at += 4) {
    X[index] =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
  }
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  for (let i = 0; i < 64; i += 1) {
    const round = i >> 4
    const sum = (a + mix(round, b, c, d) + (X[wordOf(round, i)] as number) + (T[i] as number)) | 0
    const rotation = ROTATIONS[4 * round + (i & 3)] as number
    a = d
    d = c
    c = b
    b = (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
}

export const md5: BlockHash = {
  name: 'md5',
  blockBytes: 64,
  digestBytes: 16,
  littleEndian: true,
  initialState: INITIAL_STATE,
  compress,
}
