/** [S3-API] CreateMultipartUpload: what the object will say of itself; its bytes come in parts. */
import { openUpload } from '../../../core/uploads/open-upload.ts'
import { xmlAnswer } from '../answers/answers.ts'
import { checksumName, formatChecksumType } from '../answers/checksum-headers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { TAGGING_HEADER, parseTaggingHeader } from '../uploads/tagging-header.ts'
import { parseUploadChecksum } from '../uploads/upload-checksum-request.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  DEFAULT_TYPE,
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'

export async function createMultipartUpload(
  { core }: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  refuseUnsupportedFeatures(request, [TAGGING_HEADER])
  refuseReservedHeaders(request)
  const checksum = parseUploadChecksum(request)
  const { id, bucket, key } = await openUpload(core, permit, {
    contentType: parseContentType(request) ?? DEFAULT_TYPE,
    headers: parseStoredHeaders(request),
    metadata: parseMetadata(request),
    tags: parseTaggingHeader(request),
    checksum,
  })
  const headers =
    checksum === null
      ? []
      : [
          'x-amz-checksum-algorithm',
          checksumName(checksum.algorithm),
          'x-amz-checksum-type',
          formatChecksumType(checksum),
        ]
  return xmlAnswer(
    'InitiateMultipartUploadResult',
    [
      ['Bucket', bucket],
      ['Key', key],
      ['UploadId', id],
    ],
    headers,
  )
}
