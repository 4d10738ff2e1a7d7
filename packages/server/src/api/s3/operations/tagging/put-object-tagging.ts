/** [S3-API] PutObjectTagging: in place of the tags a version has. The version stays the same one. */
import { tagFile } from '../../../../core/files/tag-file.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { MAX_OBJECT_TAGS } from '../../uploads/tags.ts'
import { parseVersionId, pushVersionId } from '../versioning/version-id.ts'
import { readTagging } from '../../uploads/tagging-document.ts'

export async function putObjectTagging(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  const asked = parseVersionId(request)
  const tags = await readTagging(face, request, MAX_OBJECT_TAGS)
  const tagged = await tagFile(face.core, permit, { versionId: asked, tags })
  const answer = emptyAnswer(200)
  await pushVersionId(answer.headers, face, permit, tagged)
  return answer
}
