/** A bucket as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { BucketRecord } from '../../../catalog/records.ts'
import { Time, formatTime, named, strictObject } from '../schemas.ts'

export const BucketParams = strictObject({
  name: Type.String({ minLength: 1, maxLength: 63, description: 'As S3 has it.' }),
})

export const BucketSchema = named(
  'Bucket',
  strictObject(
    {
      name: Type.String(),
      createdAt: Time,
      versioning: Type.Union(
        [Type.Literal('off'), Type.Literal('enabled'), Type.Literal('suspended')],
        { description: 'Whether what is replaced or deleted stays as a version.' },
      ),
    },
    'A bucket: the first part of a path.',
  ),
)

export function viewBucket({
  name,
  createdAt,
  versioning,
}: BucketRecord): Static<typeof BucketSchema> {
  return { name, createdAt: formatTime(createdAt), versioning }
}
