/** [S3-API] HeadBucket. */
import { findBucket } from '../../../core/files/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Face, S3Request } from '../face.ts'

export async function headBucket(face: S3Face, request: S3Request): Promise<S3Answer> {
  await findBucket(face.core, request.caller, request.bucket)
  return emptyAnswer(200, ['x-amz-bucket-region', face.core.region])
}
