/** [S3-API] ListBuckets: those the key may list. */
import { listBuckets as listBucketRecords } from '../../../core/files/buckets.ts'
import { xmlAnswer } from '../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../face.ts'
import { OWNER } from '../answers/format-listing.ts'
import type { XmlElement } from '../answers/xml.ts'

export async function listBuckets(face: S3Face, { permit }: S3Call<'list'>): Promise<S3Answer> {
  const buckets = await listBucketRecords(face.core, permit)
  const elements = buckets.map(({ name, createdAt }): XmlElement => [
    'Bucket',
    [
      ['Name', name],
      ['CreationDate', new Date(createdAt).toISOString()],
    ],
  ])
  return xmlAnswer('ListAllMyBucketsResult', [OWNER, ['Buckets', elements]])
}
