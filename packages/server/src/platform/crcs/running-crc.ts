/** A CRC summed up while bytes come. All sums of one algorithm share its tables and the memory that its loop works in. */
import {
  BRAID_BYTES,
  BRAID_TABLES_AT,
  BYTES_AT,
  BYTE_TABLE_AT,
  REMAINDER_AT,
  createBraidedLoop,
} from './braided-loop.ts'
import type { BraidedLoop } from './braided-loop.ts'
import { CRCS } from './polynomials.ts'
import type { CrcAlgorithm, CrcShape } from './polynomials.ts'

export interface RunningCrc {
  update(bytes: Uint8Array): void
  /** Big-endian. */
  digest(): Uint8Array
}

interface Engine {
  readonly loop: BraidedLoop
  readonly remainder: BigUint64Array
  /** Where the loop finds the bytes. */
  readonly room: Uint8Array
}

const engines = new Map<CrcAlgorithm, Engine>()

export function createRunningCrc(algorithm: CrcAlgorithm): RunningCrc {
  const { width } = CRCS[algorithm]
  const engine = engineOf(algorithm)
  const inverted = (1n << BigInt(width)) - 1n
  let remainder = inverted
  return {
    update(bytes) {
      remainder = sumUp(engine, remainder, bytes)
    },
    digest() {
      const digest = Buffer.alloc(8)
      digest.writeBigUInt64BE(remainder ^ inverted)
      return digest.subarray(8 - width / 8)
    },
  }
}

function sumUp({ loop, remainder, room }: Engine, before: bigint, bytes: Uint8Array): bigint {
  remainder[0] = before
  for (let at = 0; at < bytes.length; at += room.length) {
    const piece = bytes.subarray(at, at + room.length)
    room.set(piece)
    loop.run(BYTES_AT, BYTES_AT + piece.length)
  }
  return remainder[0] ?? 0n
}

function engineOf(algorithm: CrcAlgorithm): Engine {
  const known = engines.get(algorithm)
  if (known !== undefined) return known
  const loop = createBraidedLoop()
  const { memory } = loop
  fillTables(new BigUint64Array(memory), CRCS[algorithm])
  const engine = {
    loop,
    remainder: new BigUint64Array(memory, REMAINDER_AT, 1),
    room: new Uint8Array(memory, BYTES_AT),
  }
  engines.set(algorithm, engine)
  return engine
}

function fillTables(words: BigUint64Array, { polynomial }: CrcShape): void {
  const byteTable = words.subarray(BYTE_TABLE_AT / 8, BYTE_TABLE_AT / 8 + 256)
  for (let byte = 0; byte < 256; byte += 1) byteTable[byte] = passByte(BigInt(byte), polynomial)
  const passed = (value: bigint): bigint => (value >> 8n) ^ (byteTable[Number(value & 0xffn)] ?? 0n)

  // A sum of bits leaves the sum of what each of them leaves.
  for (let bit = 0; bit < 64; bit += 1) {
    let left = 1n << BigInt(bit)
    for (let bytes = 0; bytes < BRAID_BYTES; bytes += 1) left = passed(left)
    const table = BRAID_TABLES_AT / 8 + Math.floor(bit / 8) * 256
    for (let byte = 0; byte < 256; byte += 1) {
      if (((byte >> (bit % 8)) & 1) === 1) words[table + byte] = (words[table + byte] ?? 0n) ^ left
    }
  }
}

function passByte(byte: bigint, polynomial: bigint): bigint {
  let left = byte
  for (let bit = 0; bit < 8; bit += 1)
    left = (left & 1n) === 1n ? (left >> 1n) ^ polynomial : left >> 1n
  return left
}
