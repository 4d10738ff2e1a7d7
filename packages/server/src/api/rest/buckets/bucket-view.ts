/** A bucket as clients see it. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import type { BucketRecord, MountRecord } from '../../../catalog/records.ts'
import type { CoreContext } from '../../../core/context.ts'
import { Time, formatTime, named, strictObject } from '../schemas.ts'

export const BucketParams = strictObject({
  name: Type.String({ minLength: 1, maxLength: 63, description: 'As S3 has it.' }),
})

export const CdnFields = {
  kind: Type.Union([
    Type.Literal('cloudfront'),
    Type.Literal('cloud-cdn'),
    Type.Literal('media-cdn'),
    Type.Literal('bunny'),
    Type.Literal('akamai'),
  ]),
  url: Type.String({
    maxLength: 1024,
    description: 'What stands before the key of an object: `https://cdn.example.com`.',
  }),
  keyName: Type.Optional(
    Type.String({
      maxLength: 128,
      description: 'What the CDN knows the key by: of the key pair, the key or the keyset.',
    }),
  ),
}

export const StoreSchema = named(
  'BucketStore',
  strictObject(
    {
      url: Type.String({ description: 'Where its objects lie. No credential is in it.' }),
      readOnly: Type.Boolean({ description: 'Nothing is written there through this server.' }),
      cdn: Type.Optional(strictObject(CdnFields, 'The CDN before it, without its key.')),
    },
    'Of a mounted bucket.',
  ),
)

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
      store: Type.Optional(StoreSchema),
    },
    'A bucket: the first part of a path.',
  ),
)

export type BucketView = Static<typeof BucketSchema>

/** `mounts` as they are known; a bucket of this server's own is in none of them. */
export function viewBucket(
  { name, createdAt, versioning }: BucketRecord,
  mounts: readonly MountRecord[],
): BucketView {
  const mount = mounts.find(({ bucket }) => bucket === name)
  return {
    name,
    createdAt: formatTime(createdAt),
    versioning,
    ...(mount !== undefined && { store: viewStore(mount) }),
  }
}

function viewStore({
  url,
  isReadOnly,
  settings: { cdn },
}: MountRecord): Static<typeof StoreSchema> {
  return { url, readOnly: isReadOnly, ...(cdn !== undefined && { cdn }) }
}

export async function describeBucket(
  { catalog }: Pick<CoreContext, 'catalog'>,
  bucket: BucketRecord,
): Promise<BucketView> {
  return viewBucket(bucket, await catalog.mounts.list())
}
