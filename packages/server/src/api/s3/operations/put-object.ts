/** [S3-API] PutObject: checks and digests of the client, conditions, metadata; in one piece. */
import { writeFile } from '../../../core/files/write-file.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { pushHeldId } from '../answers/held-id.ts'
import { formatWrittenHeaders } from '../answers/written-headers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { openUploadBody, requireContentLength } from '../uploads/upload-body.ts'
import { parseUploadConditions } from '../uploads/upload-conditions.ts'
import { TAGGING_HEADER, parseTaggingHeader } from '../uploads/tagging-header.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'
import {
  DEFAULT_TYPE,
  parseContentType,
  parseMetadata,
  parseStoredHeaders,
  refuseReservedHeaders,
} from '../uploads/upload-headers.ts'
import { pushWrittenVersionId } from './versioning/version-id.ts'

export async function putObject(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  refuseUnsupportedFeatures(request, [TAGGING_HEADER])
  refuseReservedHeaders(request)
  const upload = openUploadBody(face, request)
  const written = await writeFile(
    face.core,
    permit,
    {
      contentType: parseContentType(request) ?? DEFAULT_TYPE,
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
  const headers = formatWrittenHeaders(written, upload.checksums)
  pushHeldId(headers, written)
  pushWrittenVersionId(headers, written.file.versionId)
  return emptyAnswer(200, headers)
}
