/** `PUT /v1/buckets/{name}`: one of this server's own, or one that lies in a store of somebody else. */
import { Type } from 'typebox'
import type { Static } from 'typebox'
import { createBucket, findBucket } from '../../../core/buckets/buckets.ts'
import { mountBucket } from '../../../core/mounts/mount-bucket.ts'
import type { MountWish } from '../../../core/mounts/mount-bucket.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorize, authorizeInstance } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { named, strictObject } from '../schemas.ts'
import { BucketParams, BucketSchema, CdnFields, describeBucket } from './bucket-view.ts'

const MountSchema = named(
  'BucketMount',
  strictObject(
    {
      url: Type.String({
        minLength: 1,
        maxLength: 2048,
        description:
          'Where the objects lie: `s3://bucket/prefix?region=…&endpoint=…` or `azure://account/container/prefix`. Never with credentials in it.',
      }),
      credentials: Type.Optional(
        strictObject(
          {
            accessKeyId: Type.String({ minLength: 1, maxLength: 256 }),
            secretAccessKey: Type.String({ minLength: 1, maxLength: 4096 }),
          },
          'Kept sealed, and never shown again: a key pair, or the name of an Azure account with its key or a shared access signature. Left out, the server asks with what its machine is allowed.',
        ),
      ),
      cdn: Type.Optional(
        strictObject(
          {
            ...CdnFields,
            key: Type.String({
              minLength: 1,
              maxLength: 8192,
              description:
                'What signs its URLs, as the CDN gives it: a private key in PEM (`cloudfront`), base64url (`cloud-cdn`, `media-cdn`), the security key (`bunny`), hex (`akamai`). Kept sealed, and never shown again.',
            }),
          },
          'A CDN that stands before the store and checks signed URLs.',
        ),
      ),
      readOnly: Type.Optional(
        Type.Boolean({ description: 'Nothing is written there through this server. False.' }),
      ),
    },
    'A bucket or container that exists, to be shown as this bucket.',
  ),
)

export const putBucket = defineOperation({
  id: 'putBucket',
  method: 'PUT',
  path: '/v1/buckets/{name}',
  tag: 'Buckets',
  summary: 'Make a bucket, or mount one',
  description:
    'One of this server that is there already stays as it is; it needs the rights to write and to list at its root, and the first upload into a bucket makes it as well. With `store` an existing bucket of S3, or of a store that speaks its protocol, is shown under this name with its own keys, and nothing is written into it by that; it needs the right to administer the whole instance. Sent again for the same place, the credentials and settings are the new ones.',
  access: 'key',
  bodyKind: 'json',
  takesNoBody: true,
  params: BucketParams,
  body: strictObject({ store: Type.Optional(MountSchema) }),
  answers: { 201: BucketSchema, 200: BucketSchema },
  handle: async ({ core, principal, params, body }) => {
    const bucket = parseBucketName(params.name)
    const path = { bucket, key: '' }
    const seeing = await authorize(core, principal, 'list', path)
    const outcome =
      body.store === undefined
        ? await createBucket(core, await authorize(core, principal, 'write', path))
        : await mountBucket(
            core,
            await authorizeInstance(core, principal),
            bucket,
            toWish(body.store),
          )
    const view = await describeBucket(core, await findBucket(core, seeing))
    return { status: outcome === 'created' ? 201 : 200, body: view }
  },
})

function toWish({
  url,
  credentials,
  readOnly = false,
  cdn,
}: Static<typeof MountSchema>): MountWish {
  const access = cdn === undefined ? null : { ...cdn, keyName: cdn.keyName ?? '' }
  return { url, credentials: credentials ?? null, isReadOnly: readOnly, cdn: access }
}
