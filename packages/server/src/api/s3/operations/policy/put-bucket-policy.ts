/** [S3-API] PutBucketPolicy: what it makes public becomes the visibility of folders, and what was public besides inherits. */
import { setPublicFolders } from '../../../../core/folders/public-folders.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { decodeUtf8, readSmallBody } from '../../uploads/read-small-body.ts'
import { openUploadBody } from '../../uploads/upload-body.ts'
import { MAX_POLICY_BYTES, parsePolicy } from './policy-document.ts'

export async function putBucketPolicy(
  face: S3Face,
  { permit, request }: S3Call<'admin'>,
): Promise<S3Answer> {
  const { name } = await findBucket(face.core, permit)
  const policy = decodeUtf8(await readSmallBody(openUploadBody(face, request), MAX_POLICY_BYTES))
  if (policy === null)
    throw s3Refusal('bucket-policy-malformed', { reason: 'The policy is not UTF-8' })
  const folders = parsePolicy(policy, name)
  if (!(await setPublicFolders(face.core, permit, { folders, policy }))) {
    throw s3Refusal('not-implemented', { feature: 'policy' })
  }
  return emptyAnswer(204)
}
