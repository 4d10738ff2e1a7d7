/** [S3-API] PutBucketCors: in place of the rules the bucket has. */
import { changeSettings } from '../../../../core/buckets/bucket-settings.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { readCorsRules } from './cors-document.ts'

export async function putBucketCors(
  face: S3Face,
  { permit, request }: S3Call<'admin'>,
): Promise<S3Answer> {
  const cors = await readCorsRules(face, request)
  await changeSettings(face.core, permit, { cors })
  return emptyAnswer(200)
}
