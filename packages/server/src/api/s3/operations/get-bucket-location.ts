/** [S3-API] GetBucketLocation: clients ask it to learn which region to sign for. */
import { findBucket } from '../../../core/buckets/buckets.ts'
import { xmlAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { S3_NAMESPACE, escapeXml } from '../answers/xml.ts'

export async function getBucketLocation(
  face: S3Face,
  { permit }: S3Call<'list'>,
): Promise<S3Answer> {
  await findBucket(face.core, permit)
  const { region } = face.core
  // The oldest region is named by leaving the element empty.
  if (region === 'us-east-1') return xmlAnswer('LocationConstraint', [])
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="${S3_NAMESPACE}">${escapeXml(region)}</LocationConstraint>`
  const body = Buffer.from(xml)
  const headers = ['Content-Type', 'application/xml', 'Content-Length', String(body.byteLength)]
  return { status: 200, headers, body }
}
