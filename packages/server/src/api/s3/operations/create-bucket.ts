/** [S3-API] CreateBucket. The body may only name a region; there is one, so it is not read. */
import { createBucket as createBucketRecord } from '../../../core/files/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Face, S3Request } from '../face.ts'

export async function createBucket(face: S3Face, request: S3Request): Promise<S3Answer> {
  await createBucketRecord(face.core, request.caller, request.bucket)
  return emptyAnswer(200, ['Location', `/${request.bucket}`])
}
