/** [S3-API] GetObjectRetention, GetObjectLegalHold and what sets them: no bucket has Object Lock, and so S3 says. */
import type { Action } from '../../../../catalog/records.ts'
import { findVersion } from '../../../../core/find-version.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { parseVersionId } from '../versioning/version-id.ts'

export async function refuseLock(
  { core }: S3Face,
  { permit, request }: S3Call<Action>,
): Promise<S3Answer> {
  await findVersion(core, permit, parseVersionId(request))
  throw s3Refusal('lock-not-configured', {})
}
