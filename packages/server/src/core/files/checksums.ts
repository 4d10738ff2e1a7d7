/** The checksums S3 clients send with a body, computed while it streams. */
import { createHash, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
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
      return createCrc((bytes, crc) => crc32(bytes, crc))
    case 'crc32c':
      return createCrc(updateCrc32c)
    case 'crc64nvme':
      return createCrc64()
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

function createCrc(update: (bytes: Uint8Array, crc: number) => number): RunningChecksum {
  let crc = 0
  return {
    update(bytes) {
      crc = update(bytes, crc)
    },
    digest() {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(crc >>> 0)
      return bytes
    },
  }
}

/** CRC-32C, the Castagnoli polynomial, reflected [RFC3720 12.1]. */
const CRC32C_POLYNOMIAL = 0x82f63b78
let crc32cTable: Int32Array | null = null

/** Four bytes a step: each of them has passed `3 - n` further bytes once the step is over. */
function updateCrc32c(bytes: Uint8Array, previous: number): number {
  crc32cTable ??= buildTable32(CRC32C_POLYNOMIAL)
  const table = crc32cTable
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length - (bytes.length % 4)
  let crc = ~previous
  for (let at = 0; at < length; at += 4) {
    crc ^= words.getInt32(at, true)
    crc =
      (table[768 + (crc & 0xff)] ?? 0) ^
      (table[512 + ((crc >>> 8) & 0xff)] ?? 0) ^
      (table[256 + ((crc >>> 16) & 0xff)] ?? 0) ^
      (table[crc >>> 24] ?? 0)
  }
  for (let at = length; at < bytes.length; at += 1) {
    crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  return ~crc >>> 0
}

/** What a byte makes of the sum, and, 256 further on each, what is left of that after one more zero byte. */
function buildTable32(polynomial: number): Int32Array {
  const table = new Int32Array(4 * 256)
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[byte] = crc
  }
  for (let index = 256; index < table.length; index += 1) {
    const crc = table[index - 256] ?? 0
    table[index] = (crc >>> 8) ^ (table[crc & 0xff] ?? 0)
  }
  return table
}

/** CRC-64/NVME, reflected: polynomial 0xAD93D23594C93659. Kept as two 32-bit halves; BigInt is twenty times slower. */
const CRC64_HIGH = 0x9a6c9329
const CRC64_LOW = 0xac4bc9b5
/** Eight bytes a step. */
const CRC64_STEP = 8
let crc64Tables: { high: Int32Array; low: Int32Array } | null = null

function createCrc64(): RunningChecksum {
  crc64Tables ??= buildTables64()
  const tables = crc64Tables
  const state = { high: -1, low: -1 }
  return {
    update(bytes) {
      updateCrc64(tables, state, bytes)
    },
    digest() {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(~state.high >>> 0, 0)
      bytes.writeUInt32BE(~state.low >>> 0, 4)
      return bytes
    },
  }
}

function updateCrc64(
  { high: highs, low: lows }: { high: Int32Array; low: Int32Array },
  state: { high: number; low: number },
  bytes: Uint8Array,
): void {
  // In locals alone: what a closure holds is written to memory with every byte.
  let { high, low } = state
  const words = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = bytes.length - (bytes.length % CRC64_STEP)
  for (let at = 0; at < length; at += CRC64_STEP) {
    const first = low ^ words.getInt32(at, true)
    const second = high ^ words.getInt32(at + 4, true)
    const a = 1792 + (first & 0xff)
    const b = 1536 + ((first >>> 8) & 0xff)
    const c = 1280 + ((first >>> 16) & 0xff)
    const d = 1024 + (first >>> 24)
    const e = 768 + (second & 0xff)
    const f = 512 + ((second >>> 8) & 0xff)
    const g = 256 + ((second >>> 16) & 0xff)
    const h = second >>> 24
    low = fourOf(lows, a, b, c, d) ^ fourOf(lows, e, f, g, h)
    high = fourOf(highs, a, b, c, d) ^ fourOf(highs, e, f, g, h)
  }
  for (let at = length; at < bytes.length; at += 1) {
    const index = (low ^ (bytes[at] ?? 0)) & 0xff
    low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0)
    high = (high >>> 8) ^ (highs[index] ?? 0)
  }
  state.high = high
  state.low = low
}

// oxlint-disable-next-line max-params -- an array of places would cost more than the sum
function fourOf(table: Int32Array, a: number, b: number, c: number, d: number): number {
  return (table[a] ?? 0) ^ (table[b] ?? 0) ^ (table[c] ?? 0) ^ (table[d] ?? 0)
}

function buildTables64(): { high: Int32Array; low: Int32Array } {
  const places = CRC64_STEP * 256
  const tables = { high: new Int32Array(places), low: new Int32Array(places) }
  for (let byte = 0; byte < 256; byte += 1) {
    let high = 0
    let low = byte
    for (let bit = 0; bit < 8; bit += 1) {
      const carry = low & 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (carry) {
        low ^= CRC64_LOW
        high ^= CRC64_HIGH
      }
    }
    tables.high[byte] = high
    tables.low[byte] = low
  }
  for (let index = 256; index < tables.low.length; index += 1) {
    const high = tables.high[index - 256] ?? 0
    const low = tables.low[index - 256] ?? 0
    tables.high[index] = (high >>> 8) ^ (tables.high[low & 0xff] ?? 0)
    tables.low[index] = ((low >>> 8) | (high << 24)) ^ (tables.low[low & 0xff] ?? 0)
  }
  return tables
}
