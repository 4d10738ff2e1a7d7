/** [S3-API] UploadPart: as much of an object as came in one piece, checked as a whole object is. */
import { writePart } from '../../../core/uploads/write-part.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { partChecksumHeaders } from '../answers/part-checksums.ts'
import { queryValue } from '../face.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { parsePartNumber, uploadIdOf } from '../uploads/part-parameters.ts'
import { openUploadBody, requireContentLength } from '../uploads/upload-body.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'

export async function uploadPart(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  refuseUnsupportedFeatures(request)
  const number = parsePartNumber(queryValue(request, 'partNumber') ?? '')
  const upload = openUploadBody(face, request)
  const part = await writePart(
    face.core,
    permit,
    {
      uploadId: uploadIdOf(request),
      number,
      contentLength: requireContentLength(upload),
      checksums: upload.checksums,
      expected: upload.expected,
    },
    { body: upload.body, signal: upload.signal },
  )
  return emptyAnswer(200, ['ETag', `"${part.etag}"`, ...partChecksumHeaders(part)])
}
