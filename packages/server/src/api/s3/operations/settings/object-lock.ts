/** [S3-API] GetObjectRetention, GetObjectLegalHold and what sets them: no bucket has Object Lock, and so S3 says. */
import type { Action } from '../../../../catalog/records.ts'
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { findVersion } from '../../../../core/find-version.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face, S3Operation } from '../../face.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'
import { parseVersionId } from '../versioning/version-id.ts'

export async function refuseLock(
  { core }: S3Face,
  { permit, request }: S3Call<Action>,
): Promise<S3Answer> {
  await findVersion(core, permit, parseVersionId(request))
  throw s3Refusal('lock-not-configured', {})
}

/** PutObjectLockConfiguration: what asks for it on a bucket that keeps no versions asks in vain everywhere. */
export const putObjectLockConfiguration: S3Operation<'admin'> = async (
  face,
  { permit, request },
) => {
  const { versioning } = await findBucket(face.core, permit)
  await requireXmlBody(face, request, { ...SMALL_DOCUMENT, root: 'ObjectLockConfiguration' })
  if (versioning !== 'enabled') throw s3Refusal('lock-without-versions', {})
  throw s3Refusal('not-implemented', { feature: 'object-lock' })
}
