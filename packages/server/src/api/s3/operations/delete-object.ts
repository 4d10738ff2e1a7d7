/** [S3-API] DeleteObject: deleting what is not there succeeds too. */
import { deleteFile } from '../../../core/files/files.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'

export async function deleteObject(face: S3Face, { permit }: S3Call<'delete'>): Promise<S3Answer> {
  await deleteFile(face.core, permit)
  return emptyAnswer(204)
}
