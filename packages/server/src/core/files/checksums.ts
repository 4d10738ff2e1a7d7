/** The checksums S3 clients send with a body, computed while it streams. */
import { createHash, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { ChecksumAlgorithm } from '../../catalog/records.ts'

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
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
}

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
    case 'sha256': {
      const running = createHash(algorithm)
      return { update: (bytes) => void running.update(bytes), digest: () => running.digest() }
    }
  }
}

/** The digest of bytes that are all there: much cheaper than a running one for small bodies. */
export function digestOf(algorithm: ChecksumAlgorithm, bytes: Uint8Array): Uint8Array {
  if (algorithm === 'md5' || algorithm === 'sha1' || algorithm === 'sha256') {
    return hash(algorithm, bytes, 'buffer')
  }
  const running = createChecksum(algorithm)
  running.update(bytes)
  return running.digest()
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
let crc32cTable: Uint32Array | null = null

function updateCrc32c(bytes: Uint8Array, previous: number): number {
  crc32cTable ??= buildTable32(CRC32C_POLYNOMIAL)
  let crc = ~previous
  for (const byte of bytes) crc = (crc32cTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  return ~crc >>> 0
}

function buildTable32(polynomial: number): Uint32Array {
  const table = new Uint32Array(256)
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = byte
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
    table[byte] = crc
  }
  return table
}

/** CRC-64/NVME, reflected: polynomial 0xAD93D23594C93659. Kept as two 32-bit halves; BigInt is twenty times slower. */
const CRC64_HIGH = 0x9a6c9329
const CRC64_LOW = 0xac4bc9b5
let crc64Tables: { high: Uint32Array; low: Uint32Array } | null = null

function createCrc64(): RunningChecksum {
  crc64Tables ??= buildTables64()
  const tables = crc64Tables
  let high = 0xffffffff
  let low = 0xffffffff
  return {
    update(bytes) {
      for (const byte of bytes) {
        const index = (low ^ byte) & 0xff
        low = ((low >>> 8) | (high << 24)) ^ (tables.low[index] ?? 0)
        high = (high >>> 8) ^ (tables.high[index] ?? 0)
      }
    },
    digest() {
      const bytes = Buffer.alloc(8)
      bytes.writeUInt32BE(~high >>> 0, 0)
      bytes.writeUInt32BE(~low >>> 0, 4)
      return bytes
    },
  }
}

function buildTables64(): { high: Uint32Array; low: Uint32Array } {
  const tables = { high: new Uint32Array(256), low: new Uint32Array(256) }
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
  return tables
}
