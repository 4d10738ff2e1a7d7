/** [S3-API] PutObject: checks and digests of the client, conditions, metadata; in one piece. */
import { writeFile } from '../../../core/files/write-file.ts'
import type { ChecksumAlgorithm } from '../../../core/files/checksums.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Face, S3Request } from '../face.ts'
import { openUploadBody } from '../uploads/upload-body.ts'
import { checksumHeader } from '../uploads/upload-checksums.ts'
import { parseUploadConditions } from '../uploads/upload-conditions.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'

export async function putObject(face: S3Face, request: S3Request): Promise<S3Answer> {
  refuseUnsupportedFeatures(request)
  refuseReservedHeaders(request)
  const upload = openUploadBody(face, request)
  const { digests } = await writeFile(
    face.core,
    request.caller,
    {
      bucket: request.bucket,
      key: request.key,
      contentType: parseContentType(request),
      headers: parseStoredHeaders(request),
      metadata: parseMetadata(request),
      contentLength: upload.contentLength,
      checksums: upload.checksums,
      expected: upload.expected,
      ...parseUploadConditions(request),
    },
    { body: upload.body, signal: upload.signal },
  )
  return formatAnswer(digests, upload.checksums)
}

function formatAnswer(
  digests: ReadonlyMap<ChecksumAlgorithm, Uint8Array>,
  checksums: readonly ChecksumAlgorithm[],
): S3Answer {
  const headers = ['ETag', `"${toText(digests.get('md5'), 'hex')}"`]
  for (const algorithm of checksums) {
    headers.push(checksumHeader(algorithm), toText(digests.get(algorithm), 'base64'))
    headers.push('x-amz-checksum-type', 'FULL_OBJECT')
  }
  return emptyAnswer(200, headers)
}

function toText(digest: Uint8Array | undefined, encoding: 'hex' | 'base64'): string {
  return Buffer.from(digest ?? []).toString(encoding)
}
