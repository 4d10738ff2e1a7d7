/** `GET /v1/buckets`: those within the key's reach. */
import { Type } from 'typebox'
import { listBuckets as listBucketsOf } from '../../../core/buckets/buckets.ts'
import { authorizeReach } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { BucketSchema, viewBucket } from './bucket-view.ts'

export const listBuckets = defineOperation({
  id: 'listBuckets',
  method: 'GET',
  path: '/v1/buckets',
  tag: 'Buckets',
  summary: 'List the buckets',
  description: 'Those within the path prefix of the key.',
  access: 'key',
  bodyKind: 'none',
  answers: { 200: strictObject({ buckets: Type.Array(BucketSchema) }) },
  handle: async ({ core, principal }) => {
    const permit = await authorizeReach(core, principal, 'list')
    const buckets = await listBucketsOf(core, permit)
    const mounts = await core.catalog.mounts.list()
    return { status: 200, body: { buckets: buckets.map((bucket) => viewBucket(bucket, mounts)) } }
  },
})
