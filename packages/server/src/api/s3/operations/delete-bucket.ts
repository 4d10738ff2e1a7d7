/** [S3-API] DeleteBucket: only an empty one. */
import { deleteBucket as deleteBucketRecord } from '../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'

export async function deleteBucket(face: S3Face, { permit }: S3Call<'delete'>): Promise<S3Answer> {
  await deleteBucketRecord(face.core, permit)
  return emptyAnswer(204)
}
