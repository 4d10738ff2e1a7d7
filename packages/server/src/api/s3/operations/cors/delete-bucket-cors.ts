/** [S3-API] DeleteBucketCors. */
import { changeSettings } from '../../../../core/buckets/bucket-settings.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'

export async function deleteBucketCors(
  face: S3Face,
  { permit }: S3Call<'admin'>,
): Promise<S3Answer> {
  await changeSettings(face.core, permit, { cors: null })
  return emptyAnswer(204)
}
