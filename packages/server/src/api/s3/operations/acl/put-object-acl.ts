/** [S3-API] PutObjectAcl. */
import { findVersion } from '../../../../core/find-version.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { parseVersionId, pushVersionId } from '../versioning/version-id.ts'
import { requireOwnersAcl } from './acl-document.ts'

export async function putObjectAcl(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const { versionId } = await findVersion(face.core, permit, parseVersionId(request))
  await requireOwnersAcl(face, request)
  const answer = emptyAnswer(200)
  await pushVersionId(answer.headers, face, permit, versionId)
  return answer
}
