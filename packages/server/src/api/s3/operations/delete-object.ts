/** [S3-API] DeleteObject: deleting what is not there succeeds too. */
import { deleteFile } from '../../../core/files/files.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Face, S3Request } from '../face.ts'

export async function deleteObject(face: S3Face, request: S3Request): Promise<S3Answer> {
  const { bucket, key } = request
  await deleteFile(face.core, request.caller, { bucket, key })
  return emptyAnswer(204)
}
