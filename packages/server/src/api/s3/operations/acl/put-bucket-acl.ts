/** [S3-API] PutBucketAcl. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { requireOwnersAcl } from './acl-document.ts'

export async function putBucketAcl(
  face: S3Face,
  { permit, request }: S3Call<'admin'>,
): Promise<S3Answer> {
  await findBucket(face.core, permit)
  await requireOwnersAcl(face, request)
  return emptyAnswer(200)
}
