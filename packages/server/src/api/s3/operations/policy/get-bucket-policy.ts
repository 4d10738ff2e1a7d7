/** [S3-API] GetBucketPolicy: as it was put, if that is how things stand; else what the folders of the bucket say. */
import { policyTextOf } from '../../../../core/buckets/bucket-settings.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { findPublicFolders } from '../../../../core/folders/public-folders.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { formatPolicy, parsePolicy } from './policy-document.ts'

export async function getBucketPolicy(
  { core }: S3Face,
  { permit }: S3Call<'list'>,
): Promise<S3Answer> {
  const bucket = await findBucket(core, permit)
  const { folders, isWhole } = await findPublicFolders(core, bucket.name)
  if (folders.length === 0) {
    throw s3Refusal('setting-not-found', { setting: 'policy', bucket: bucket.name })
  }
  // Public but for a folder below: no policy that could be put here says so.
  if (!isWhole) throw s3Refusal('not-implemented', { feature: 'policy' })
  const body = Buffer.from(chooseText(policyTextOf(bucket), bucket.name, folders))
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.byteLength)]
  return { status: 200, headers, body }
}

function chooseText(put: string | null, bucket: string, folders: readonly string[]): string {
  const says = put === null ? [] : parsePolicy(put, bucket)
  const isSo = says.join('\n') === folders.join('\n')
  return put !== null && isSo ? put : formatPolicy(folders)
}
