/** What an upload is answered with: the ETag, the id, and the checksum that was compared or computed. */
import type { ChecksumAlgorithm } from '../../../catalog/records.ts'
import type { WrittenFile } from '../../../core/files/write-file.ts'
import { checksumHeader, pushChecksums } from './checksum-headers.ts'

/** `asked` came with the body; the answer repeats it. */
export function formatWrittenHeaders(
  { file, digests }: Pick<WrittenFile, 'file' | 'digests'>,
  asked: readonly ChecksumAlgorithm[],
): string[] {
  const headers = ['ETag', `"${file.etag}"`, 'x-hallpass-file-id', file.id]
  if (asked.length === 0) pushChecksums(headers, file)
  for (const algorithm of asked) {
    const digest = Buffer.from(digests.get(algorithm) ?? []).toString('base64')
    headers.push(checksumHeader(algorithm), digest, 'x-amz-checksum-type', 'FULL_OBJECT')
  }
  return headers
}
