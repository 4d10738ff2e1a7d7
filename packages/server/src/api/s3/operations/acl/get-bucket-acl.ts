/** [S3-API] GetBucketAcl. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { aclAnswer } from './acl-document.ts'

export async function getBucketAcl(face: S3Face, { permit }: S3Call<'list'>): Promise<S3Answer> {
  await findBucket(face.core, permit)
  return aclAnswer()
}
