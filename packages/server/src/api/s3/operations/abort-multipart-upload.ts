/** [S3-API] AbortMultipartUpload. */
import { abortUpload } from '../../../core/uploads/abort-upload.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { uploadIdOf } from '../uploads/part-parameters.ts'

export async function abortMultipartUpload(
  { core }: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  await abortUpload(core, permit, uploadIdOf(request))
  return emptyAnswer(204)
}
