/**
 * The CRC of bytes that were summed up in pieces, without reading them again: the CRC of a piece is a polynomial over GF(2), and
 * putting n bytes behind it multiplies it with x^8n. Polynomials are written as the CRCs are: reflected, x^0 in the highest bit.
 */
export type CrcAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme'

export interface CrcPiece {
  /** Big-endian. */
  readonly crc: Uint8Array
  readonly size: number
}

const CRCS: Readonly<
  Record<CrcAlgorithm, { readonly width: bigint; readonly polynomial: bigint }>
> = {
  crc32: { width: 32n, polynomial: 0xedb88320n },
  crc32c: { width: 32n, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64n, polynomial: 0x9a6c9329ac4bc9b5n },
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
  return toBytes(combined, Number(CRCS[algorithm].width) / 8)
}

interface Field {
  multiply(a: bigint, b: bigint): bigint
  /** x^8n. */
  power(bytes: number): bigint
}

function createField({ width, polynomial }: (typeof CRCS)[CrcAlgorithm]): Field {
  const one = 1n << (width - 1n)

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
