/** [S3-API] GetBucketPolicyStatus. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { findPublicFolders } from '../../../../core/folders/public-folders.ts'
import { xmlAnswer } from '../../answers/answers.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'

export async function getBucketPolicyStatus(
  { core }: S3Face,
  { permit }: S3Call<'list'>,
): Promise<S3Answer> {
  const { name } = await findBucket(core, permit)
  const { folders } = await findPublicFolders(core, name)
  if (folders.length > 0) return xmlAnswer('PolicyStatus', [['IsPublic', true]])
  throw s3Refusal('setting-not-found', { setting: 'policy', bucket: name })
}
