/** [S3-API] GetBucketVersioning: nothing is said of a bucket that never kept versions. */
import { findBucket } from '../../../../core/buckets/buckets.ts'
import { xmlAnswer } from '../../answers/answers.ts'
import type { S3Answer, S3Call, S3Face } from '../../face.ts'

const STATUS = { off: null, enabled: 'Enabled', suspended: 'Suspended' } as const

export async function getBucketVersioning(
  face: S3Face,
  { permit }: S3Call<'list'>,
): Promise<S3Answer> {
  const { versioning } = await findBucket(face.core, permit)
  return xmlAnswer('VersioningConfiguration', [['Status', STATUS[versioning]]])
}
