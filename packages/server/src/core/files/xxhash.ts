/**
 * The xxHash checksums of S3. The library makes its hashers asynchronously and each can sum up one body at a time, so there is one of each for
 * the process, and every body keeps what it has come to. Only `checksums.ts` loads this, when the first body with such a checksum comes.
 */
import { createXXHash128, createXXHash3, createXXHash64 } from 'hash-wasm'
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import type { RunningChecksum } from './checksums.ts'

const [xxhash64, xxhash3, xxhash128] = await Promise.all([
  createXXHash64(),
  createXXHash3(),
  createXXHash128(),
])
const HASHERS = { xxhash64, xxhash3, xxhash128 } as const

export type XxHash = Extract<ChecksumAlgorithm, keyof typeof HASHERS>

/** Its digest is big-endian, the canonical form of xxHash. */
export function createXxHash(algorithm: XxHash): RunningChecksum {
  const hasher = HASHERS[algorithm]
  let state = hasher.init().save()
  return {
    update(bytes) {
      state = hasher.load(state).update(bytes).save()
    },
    digest: () => hasher.load(state).digest('binary'),
  }
}
