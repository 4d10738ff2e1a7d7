/** Which checksums of a part are kept. */
import type { ChecksumAlgorithm, UploadRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'

/** Of uploads whose client did not say: one that the checksums of parts can be joined to. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = 'crc64nvme'

/**
 * What the upload was opened with and what came with the part. Throws
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
  return new Set([checksumAlgorithm ?? DEFAULT_ALGORITHM, ...sent])
}
