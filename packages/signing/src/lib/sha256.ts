/**
 * SHA-256 [FIPS180-4 6.2].
 *
 * @module
 */
import type { BlockHash } from './merkle-damgard.ts'

/** The first 32 bits of the fractional parts of a root of the first primes. Doubles hold them exactly, and twenty bits more. */
function fractionsOfRoots(count: number, root: (prime: number) => number): Int32Array {
  const primes: number[] = []
  for (let number = 2; primes.length < count; number += 1) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  }
  return Int32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32)
}

// [FIPS180-4 4.2.2]
const K = fractionsOfRoots(64, Math.cbrt)

// [FIPS180-4 5.3.3]
const INITIAL_STATE = fractionsOfRoots(8, Math.sqrt)

/** The message schedule [FIPS180-4 6.2.2 step 1]. */
function createSchedule(bytes: Uint8Array, offset: number): Int32Array {
  const W = new Int32Array(64)
  for (let t = 0, at = offset; t < 16; t += 1, at += 4) {
    W[t] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let t = 16; t < 64; t += 1) {
    const w15 = W[t - 15] as number
    const w2 = W[t - 2] as number
    const sigma0 = ((w15 >>> 7) | (w15 << 25)) ^ ((w15 >>> 18) | (w15 << 14)) ^ (w15 >>> 3)
    const sigma1 = ((w2 >>> 17) | (w2 << 15)) ^ ((w2 >>> 19) | (w2 << 13)) ^ (w2 >>> 10)
    W[t] = (sigma1 + (W[t - 7] as number) + sigma0 + (W[t - 16] as number)) | 0
  }
  return W
}

/** [FIPS180-4 6.2.2] steps 2 to 4. */
function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  const W = createSchedule(bytes, offset)
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let t = 0; t < 64; t += 1) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const t1 = (h + sum1 + (g ^ (e & (f ^ g))) + (K[t] as number) + (W[t] as number)) | 0
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const t2 = (sum0 + ((a & b) | (c & (a | b)))) | 0
    h = g
    g = f
    f = e
    e = (d + t1) | 0
    d = c
    c = b
    b = a
    a = (t1 + t2) | 0
  }
  state[0] = (state[0] as number) + a
  state[1] = (state[1] as number) + b
  state[2] = (state[2] as number) + c
  state[3] = (state[3] as number) + d
  state[4] = (state[4] as number) + e
  state[5] = (state[5] as number) + f
  state[6] = (state[6] as number) + g
  state[7] = (state[7] as number) + h
}

export const sha256: BlockHash = {
  name: 'sha256',
  blockBytes: 64,
  digestBytes: 32,
  littleEndian: false,
  initialState: INITIAL_STATE,
  compress,
}
