/** [S3-API] GetBucketTagging. */
import { tagsOf } from '../../../../core/buckets/bucket-settings.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { taggingAnswer } from '../../answers/format-tagging.ts'

export async function getBucketTagging(
  face: S3Face,
  { permit }: S3Call<'list'>,
): Promise<S3Answer> {
  const bucket = await findBucket(face.core, permit)
  const tags = tagsOf(bucket)
  if (tags !== null) return taggingAnswer(tags)
  throw s3Refusal('setting-not-found', { setting: 'tagging', bucket: bucket.name })
}
