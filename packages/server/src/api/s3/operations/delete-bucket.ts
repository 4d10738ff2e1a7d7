/** [S3-API] DeleteBucket: only an empty one. */
import { deleteBucket as deleteBucketRecord } from '../../../core/files/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Face, S3Request } from '../face.ts'

export async function deleteBucket(face: S3Face, request: S3Request): Promise<S3Answer> {
  await deleteBucketRecord(face.core, request.caller, request.bucket)
  return emptyAnswer(204)
}
