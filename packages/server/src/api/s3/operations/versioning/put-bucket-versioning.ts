/** [S3-API] PutBucketVersioning: a bucket keeps versions, or keeps no more of them. */
import { setVersioning } from '../../../../core/buckets/bucket-settings.ts'
import { emptyAnswer } from '../../answers/answers.ts'
import { s3Refusal } from '../../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'
import { childOf } from '../../../../platform/xml.ts'
import { SMALL_DOCUMENT, requireXmlBody } from '../../uploads/read-xml-body.ts'

export async function putBucketVersioning(
  face: S3Face,
  { permit, request }: S3Call<'admin'>,
): Promise<S3Answer> {
  const limits = { ...SMALL_DOCUMENT, root: 'VersioningConfiguration' }
  const configuration = await requireXmlBody(face, request, limits)
  if (childOf(configuration, 'MfaDelete')?.text === 'Enabled') {
    throw s3Refusal('not-implemented', { feature: 'MfaDelete' })
  }
  await setVersioning(face.core, permit, parseStatus(childOf(configuration, 'Status')?.text))
  return emptyAnswer(200)
}

function parseStatus(status: string | undefined): 'enabled' | 'suspended' {
  switch (status) {
    case 'Enabled':
      return 'enabled'
    case 'Suspended':
      return 'suspended'
    case undefined:
      throw s3Refusal('versioning-unspecified', {})
    default:
      throw s3Refusal('xml-malformed', { reason: 'Status must be Enabled or Suspended' })
  }
}
