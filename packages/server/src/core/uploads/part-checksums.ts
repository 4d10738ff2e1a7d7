/** Which checksums a part is summed up with. */
import type { ChecksumAlgorithm, UploadRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'

/** Of uploads whose client did not say: one that the checksums of parts can be joined to. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'crc64nvme'

/**
 * The MD5 is the part's ETag; the others are what the upload was opened with and what came with the part. Throws
 * `upload-claim-wrong` where those two differ.
 */
export function algorithmsOfPart(
  { checksumAlgorithm }: UploadRecord,
  sent: readonly ChecksumAlgorithm[],
): ReadonlySet<ChecksumAlgorithm> {
  const other = sent.find((algorithm) => algorithm !== checksumAlgorithm)
  if (checksumAlgorithm !== null && other !== undefined) {
    const reason = `Checksum Type mismatch occurred, expected checksum Type: ${checksumAlgorithm}, actual checksum Type: ${other}`
    throw refusal('upload-claim-wrong', { reason })
  }
  return new Set(['md5', checksumAlgorithm ?? DEFAULT_ALGORITHM, ...sent])
}
