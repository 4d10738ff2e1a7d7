/** The checksums of a file as headers [S3-CHECKSUMS]. */
import type { ChecksumAlgorithm, FileRecord } from '../../../catalog/records.ts'

export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm}`
}

/** What is kept of the file's own bytes; the MD5 is its ETag already. */
export function pushChecksums(headers: string[], { checksums, partSizes }: FileRecord): void {
  const shown = checksums.filter(({ algorithm }) => algorithm !== 'md5')
  for (const { algorithm, type, value } of shown) {
    // A checksum of checksums says of how many.
    const text = type === 'composite' ? `${value}-${partSizes.length}` : value
    headers.push(checksumHeader(algorithm), text)
  }
  const [first] = shown
  if (first !== undefined) {
    headers.push('x-amz-checksum-type', first.type === 'composite' ? 'COMPOSITE' : 'FULL_OBJECT')
  }
}
