/** [S3-API] GetObjectTagging: those of the current version, or of the one named. */
import { findVersion } from '../../../../core/find-version.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { parseVersionId, pushVersionId } from '../versioning/version-id.ts'
import { taggingAnswer } from '../../answers/format-tagging.ts'

export async function getObjectTagging(
  face: S3Face,
  { permit, request }: S3Call<'read'>,
): Promise<S3Answer> {
  const file = await findVersion(face.core, permit, parseVersionId(request))
  const answer = taggingAnswer(file.tags)
  await pushVersionId(answer.headers, face, permit, file.versionId)
  return answer
}
