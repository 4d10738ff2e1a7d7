/** [S3-API] CreateBucket. The body may name the region, and there is one, and tags. */
import { createBucket as createBucketRecord } from '../../../core/buckets/buckets.ts'
import { emptyAnswer } from '../answers/answers.ts'
import { s3Refusal } from '../errors/s3-refusal.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import type { XmlNode } from '../../../platform/xml.ts'
import { readXmlBody } from '../uploads/read-xml-body.ts'
import { toTagSet } from '../uploads/tagging-document.ts'
import { MAX_BUCKET_TAGS } from '../uploads/tags.ts'
import type { Tags } from '../uploads/tags.ts'
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
  refuseUnsupportedFeatures(request, [], 'bucket-acl-not-supported')
  const configuration = await readXmlBody(face, request, CONFIGURATION)
  const tags = configuration === null ? null : readConfiguration(configuration, face.core.region)
  await createBucketRecord(face.core, permit, tags)
  return emptyAnswer(200, ['Location', `/${request.path.bucket}`])
}

/** The tags, if there are any. A bucket that is asked for elsewhere, or with what is not kept, is not made here instead. */
function readConfiguration({ children }: XmlNode, region: string): Tags | null {
  let tags: Tags | null = null
  for (const child of children) {
    const { name, text } = child
    if (name === 'LocationConstraint') requireOwnRegion(text, region)
    else if (name === 'Tags') tags = toTagSet(child, MAX_BUCKET_TAGS)
    else throw s3Refusal('not-implemented', { feature: name })
  }
  return tags
}

function requireOwnRegion(location: string, region: string): void {
  if (location !== '' && location !== region) {
    throw s3Refusal('location-invalid', { location, region })
  }
}
