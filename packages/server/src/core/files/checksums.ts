/** The checksums S3 clients send with a body, computed while it streams. */
import { createHash, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import { createRunningCrc } from '../../platform/crcs/running-crc.ts'
import type { createXxHash } from './xxhash.ts'

export interface RunningChecksum {
  update(bytes: Uint8Array): void
  /** Big-endian for the CRCs, as S3 encodes them. Call once. */
  digest(): Uint8Array
}

/** How many bytes a digest has. */
export const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  md5: 16,
  sha1: 20,
  sha256: 32,
  sha512: 64,
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  xxhash64: 8,
  xxhash3: 8,
  xxhash128: 16,
}

export const CHECKSUM_ALGORITHMS: readonly ChecksumAlgorithm[] = Object.keys(
  DIGEST_BYTES,
) as ChecksumAlgorithm[]

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** The digest that a client gives in base64 [RFC4648 4]; `null` if the text cannot be one of this algorithm. */
export function readDigest(algorithm: ChecksumAlgorithm, base64: string): Uint8Array | null {
  if (!BASE64.test(base64)) return null
  const value = Buffer.from(base64, 'base64')
  return value.byteLength === DIGEST_BYTES[algorithm] ? value : null
}

let createOther: typeof createXxHash | null = null

/** To be called before any of these is computed. */
export async function loadChecksums(algorithms: Iterable<ChecksumAlgorithm>): Promise<void> {
  if (createOther !== null) return
  for (const algorithm of algorithms) {
    if (algorithm.startsWith('xxhash')) createOther = (await import('./xxhash.ts')).createXxHash
  }
}

/** Throws if the algorithm has to be loaded, and is not. */
export function createChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case 'crc32':
      return createCrc32()
    case 'crc32c':
    case 'crc64nvme':
      return createRunningCrc(algorithm)
    case 'md5':
    case 'sha1':
    case 'sha256':
    case 'sha512': {
      const running = createHash(algorithm)
      return { update: (bytes) => void running.update(bytes), digest: () => running.digest() }
    }
    case 'xxhash64':
    case 'xxhash3':
    case 'xxhash128':
      if (createOther === null) throw new Error(`${algorithm} was asked for before it was loaded.`)
      return createOther(algorithm)
  }
}

/** The digest of bytes that are all there: much cheaper than a running one for small bodies. */
export function digestOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Uint8Array {
  if (isNodes(algorithm)) return hash(algorithm, bytes, 'buffer')
  const running = createChecksum(algorithm)
  running.update(bytes)
  return running.digest()
}

type NodesHash = Extract<ChecksumAlgorithm, 'md5' | `sha${number}`>

function isNodes(algorithm: ChecksumAlgorithm): algorithm is NodesHash {
  return algorithm === 'md5' || algorithm.startsWith('sha')
}

/** Node's own is the fastest. */
function createCrc32(): RunningChecksum {
  let crc = 0
  return {
    update(bytes) {
      crc = crc32(bytes, crc)
    },
    digest() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(crc)
      return bytes
    },
  }
}
