/** [S3-API] DeleteObjectTagging. */
import { tagFile } from '../../../../core/files/tag-file.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { parseVersionId, pushVersionId } from '../versioning/version-id.ts'

export async function deleteObjectTagging(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const versionId = parseVersionId(request)
  const untagged = await tagFile(face.core, permit, { versionId, tags: {} })
  const answer = emptyAnswer(204)
  await pushVersionId(answer.headers, face, permit, untagged)
  return answer
}
