/** The CRCs of S3. Polynomials are written reflected, as the sums are: x^0 in the highest bit. */
export type CrcAlgorithm = 'crc32' | 'crc32c' | 'crc64nvme'

export interface CrcShape {
  /** Of the sum, in bits. */
  readonly width: 32 | 64
  readonly polynomial: bigint
}

export const CRCS: Readonly<Record<CrcAlgorithm, CrcShape>> = {
  crc32: { width: 32, polynomial: 0xedb88320n },
  /** Castagnoli [RFC3720 12.1]. */
  crc32c: { width: 32, polynomial: 0x82f63b78n },
  crc64nvme: { width: 64, polynomial: 0x9a6c9329ac4bc9b5n },
}
