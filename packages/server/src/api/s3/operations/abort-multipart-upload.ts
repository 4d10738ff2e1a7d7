/** [S3-API] AbortMultipartUpload. */
import { refusal } from '../../../core/errors.ts'
import { abortUpload } from '../../../core/uploads/abort-upload.ts'
import { parseHttpDate } from '../../../http/http-date.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { amzHeader } from '../face.ts'
import type { S3Answer, S3Call, S3Face, S3Request } from '../face.ts'
import { uploadIdOf } from '../uploads/part-parameters.ts'

export async function abortMultipartUpload(
  { core }: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  await abortUpload(core, permit, {
    uploadId: uploadIdOf(request),
    initiatedAt: parseInitiatedTime(request),
  })
  return emptyAnswer(204)
}

const TIME_HEADER = 'x-amz-if-match-initiated-time'

/** `null` if it is not asked for. Throws `field-invalid`: a condition that nobody reads is one that holds. */
function parseInitiatedTime(request: S3Request): number | null {
  const text = amzHeader(request, TIME_HEADER)
  if (text === null) return null
  const time = parseHttpDate(text.trim())
  if (time !== null) return time
  throw refusal('field-invalid', { field: TIME_HEADER, reason: 'it must be a date' })
}
