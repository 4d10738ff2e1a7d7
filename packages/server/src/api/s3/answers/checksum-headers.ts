/** The checksums of a file in answers [S3-CHECKSUMS]. */
import type {
  Checksum,
  ChecksumAlgorithm,
  FileRecord,
  PartChecksums,
} from '../../../catalog/records.ts'

type Checksummed = Pick<FileRecord, 'checksums' | 'partSizes'>

/**
 * What S3's clients are told: an object has the one checksum that was asked for. The SHA-256 is kept of every file that came in one
 * piece, and is told where there is no other.
 */
export function shownChecksums({ checksums }: Pick<FileRecord, 'checksums'>): readonly Checksum[] {
  const others = checksums.filter(({ algorithm }) => algorithm !== 'sha256')
  return others.length === 0 ? checksums : others
}

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm}`
}

/** As elements have it: `CRC64NVME`. */
export function checksumName(algorithm: ChecksumAlgorithm): string {
  return algorithm.toUpperCase()
}

export function formatChecksumType({ type }: Pick<Checksum, 'type'>): string {
  return type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT'
}

/** A checksum of checksums says of how many. */
export function formatChecksum({ type, value }: Checksum, { partSizes }: Checksummed): string {
  return type === 'composite' ? `${value}-${partSizes.length}` : value
}

export function pushChecksums(headers: string[], file: Checksummed): void {
  const shown = shownChecksums(file)
  for (const checksum of shown) {
    headers.push(checksumHeader(checksum.algorithm), formatChecksum(checksum, file))
  }
  const [first] = shown
  if (first !== undefined) headers.push('x-amz-checksum-type', formatChecksumType(first))
}

/** That of one part, by its number from 1 on, where the parts brought any. */
export function pushPartChecksum(
  headers: string[],
  { checksums }: Pick<FileRecord, 'checksums'>,
  parts: PartChecksums | null,
  number: number,
): void {
  const value = parts?.values[number - 1]
  const whole = checksums.find(({ algorithm }) => algorithm === parts?.algorithm)
  if (parts === null || value === undefined || whole === undefined) return
  headers.push(checksumHeader(parts.algorithm), value)
  headers.push('x-amz-checksum-type', formatChecksumType(whole))
}
