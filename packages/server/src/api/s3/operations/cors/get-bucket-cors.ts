/** [S3-API] GetBucketCors: the bucket's own rules, not what the server allows everywhere. */
import { corsRulesOf } from '../../../../core/buckets/bucket-settings.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { corsAnswer } from './cors-document.ts'

export async function getBucketCors(face: S3Face, { permit }: S3Call<'list'>): Promise<S3Answer> {
  const bucket = await findBucket(face.core, permit)
  const rules = corsRulesOf(bucket)
  if (rules !== null) return corsAnswer(rules)
  throw s3Refusal('setting-not-found', { setting: 'cors', bucket: bucket.name })
}
