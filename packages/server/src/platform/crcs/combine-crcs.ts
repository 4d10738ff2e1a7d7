/**
 * The CRC of bytes that were summed up in pieces, without reading them again: the CRC of a piece is a polynomial over GF(2), and
 * putting n bytes behind it multiplies it with x^8n.
 */
import { CRCS } from './polynomials.ts'
import type { CrcAlgorithm, CrcShape } from './polynomials.ts'

export interface CrcPiece {
  /** Big-endian. */
  readonly crc: Uint8Array
  readonly size: number
}

/** Big-endian; of no bytes if there are no pieces. */
export function combineCrcs(algorithm: CrcAlgorithm, pieces: readonly CrcPiece[]): Uint8Array {
  const field = createField(CRCS[algorithm])
  // Pieces nearly always have one size, but for the last.
  const shifts = new Map<number, bigint>()
  let combined = 0n
  for (const { crc, size } of pieces) {
    const shift = shifts.get(size) ?? field.power(size)
    shifts.set(size, shift)
    combined = field.multiply(shift, combined) ^ toNumber(crc)
  }
  return toBytes(combined, CRCS[algorithm].width / 8)
}

interface Field {
  multiply(a: bigint, b: bigint): bigint
  /** x^8n. */
  power(bytes: number): bigint
}

function createField({ width, polynomial }: CrcShape): Field {
  const one = 1n << BigInt(width - 1)

  function multiply(a: bigint, b: bigint): bigint {
    let product = 0n
    let factor = b
    for (let bit = one; bit !== 0n && factor !== 0n; bit >>= 1n) {
      if ((a & bit) !== 0n) product ^= factor
      factor = (factor & 1n) === 1n ? (factor >> 1n) ^ polynomial : factor >> 1n
    }
    return product
  }

  return {
    multiply,
    power(bytes) {
      let power = one
      let square = one >> 8n
      for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
        if (left % 2 === 1) power = multiply(square, power)
        square = multiply(square, square)
      }
      return power
    },
  }
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

function toBytes(value: bigint, length: number): Uint8Array {
  return Buffer.from(value.toString(16).padStart(length * 2, '0'), 'hex')
}
