/** [S3-API] PutBucketTagging: in place of the tags the bucket has. */
import { changeSettings } from '../../../../core/buckets/bucket-settings.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { MAX_BUCKET_TAGS } from '../../uploads/tags.ts'
import { readTagging } from '../../uploads/tagging-document.ts'

export async function putBucketTagging(
  face: S3Face,
  { permit, request }: S3Call<'admin'>,
): Promise<S3Answer> {
  const tags = await readTagging(face, request, MAX_BUCKET_TAGS)
  await changeSettings(face.core, permit, { tags })
  return emptyAnswer(204)
}
