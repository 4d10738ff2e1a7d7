/** [S3-API] PutObject: checks and digests of the client, conditions, metadata; in one piece. */
import type { ChecksumAlgorithm, FileRecord } from '../../../catalog/records.ts'
import { writeFile } from '../../../core/files/write-file.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { checksumHeader } from '../answers/checksum-headers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { openUploadBody, requireContentLength } from '../uploads/upload-body.ts'
import { parseUploadConditions } from '../uploads/upload-conditions.ts'
import { TAGGING_HEADER, parseTaggingHeader } from '../uploads/tagging-header.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'
import { pushVersionId } from './versioning/version-id.ts'

export async function putObject(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  refuseUnsupportedFeatures(request, [TAGGING_HEADER])
  refuseReservedHeaders(request)
  const upload = openUploadBody(face, request)
  const { file, digests } = await writeFile(
    face.core,
    permit,
    {
      contentType: parseContentType(request),
      headers: parseStoredHeaders(request),
      metadata: parseMetadata(request),
      tags: parseTaggingHeader(request),
      contentLength: requireContentLength(upload),
      checksums: upload.checksums,
      expected: upload.expected,
      ...parseUploadConditions(request),
    },
    { body: upload.body, signal: upload.signal },
  )
  const answer = formatAnswer(file, digests, upload.checksums)
  await pushVersionId(answer.headers, face, permit, file.versionId)
  return answer
}

function formatAnswer(
  { id, etag }: FileRecord,
  digests: ReadonlyMap<ChecksumAlgorithm, Uint8Array>,
  checksums: readonly ChecksumAlgorithm[],
): S3Answer {
  const headers = ['ETag', `"${etag}"`, 'x-hallpass-file-id', id]
  for (const algorithm of checksums) {
    const digest = Buffer.from(digests.get(algorithm) ?? []).toString('base64')
    headers.push(checksumHeader(algorithm), digest)
    headers.push('x-amz-checksum-type', 'FULL_OBJECT')
  }
  return emptyAnswer(200, headers)
}
