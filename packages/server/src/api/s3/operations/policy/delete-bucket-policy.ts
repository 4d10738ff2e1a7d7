/** [S3-API] DeleteBucketPolicy: nothing of the bucket is public any more. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { setPublicFolders } from '../../../../core/folders/public-folders.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'

export async function deleteBucketPolicy(
  { core }: S3Face,
  { permit }: S3Call<'admin'>,
): Promise<S3Answer> {
  await findBucket(core, permit)
  await setPublicFolders(core, permit, { folders: [], policy: null })
  return emptyAnswer(204)
}
