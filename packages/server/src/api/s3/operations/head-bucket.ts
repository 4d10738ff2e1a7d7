/** [S3-API] HeadBucket. */
import { findBucket } from '../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'

export async function headBucket(face: S3Face, { permit }: S3Call<'list'>): Promise<S3Answer> {
  await findBucket(face.core, permit)
  return emptyAnswer(200, ['x-amz-bucket-region', face.core.region])
}
