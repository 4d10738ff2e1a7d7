/** [S3-API] CreateBucket. The body may only name the region, and there is one. */
import { createBucket as createBucketRecord } from '../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import type { XmlNode } from '../uploads/parse-xml.ts'
import { readXmlBody } from '../uploads/read-xml-body.ts'
import { refuseUnsupportedFeatures } from '../uploads/upload-features.ts'

const CONFIGURATION = {
  root: 'CreateBucketConfiguration',
  maxBytes: 64 * 1024,
  maxElements: 200,
} as const

export async function createBucket(
  face: S3Face,
  { permit, request }: S3Call<'write'>,
): Promise<S3Answer> {
  refuseUnsupportedFeatures(request)
  const configuration = await readXmlBody(face, request, CONFIGURATION)
  if (configuration !== null) requireOwnRegion(configuration, face.core.region)
  await createBucketRecord(face.core, permit)
  return emptyAnswer(200, ['Location', `/${request.path.bucket}`])
}

/** A bucket that is asked for elsewhere, or with what is not kept, is not made here instead. */
function requireOwnRegion({ children }: XmlNode, region: string): void {
  for (const { name, text } of children) {
    if (name !== 'LocationConstraint') throw s3Refusal('not-implemented', { feature: name })
    if (text !== '' && text !== region) {
      throw s3Refusal('location-invalid', { location: text, region })
    }
  }
}
