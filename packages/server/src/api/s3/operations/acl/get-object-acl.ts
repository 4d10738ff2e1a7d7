/** [S3-API] GetObjectAcl. */
import { findVersion } from '../../../../core/find-version.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { parseVersionId, pushVersionId } from '../versioning/version-id.ts'
import { aclAnswer } from './acl-document.ts'

export async function getObjectAcl(
  face: S3Face,
  { permit, request }: S3Call<'read'>,
): Promise<S3Answer> {
  const { versionId } = await findVersion(face.core, permit, parseVersionId(request))
  const answer = aclAnswer()
  await pushVersionId(answer.headers, face, permit, versionId)
  return answer
}
