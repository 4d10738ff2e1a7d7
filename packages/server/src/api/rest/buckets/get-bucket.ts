/** `GET /v1/buckets/{name}`. */
import { findBucket } from '../../../core/buckets/buckets.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { BucketParams, BucketSchema, describeBucket } from './bucket-view.ts'

export const getBucket = defineOperation({
  id: 'getBucket',
  method: 'GET',
  path: '/v1/buckets/{name}',
  tag: 'Buckets',
  summary: 'Get a bucket',
  access: 'key',
  bodyKind: 'none',
  params: BucketParams,
  answers: { 200: BucketSchema },
  handle: async ({ core, principal, params }) => {
    const path = { bucket: parseBucketName(params.name), key: '' }
    const permit = await authorize(core, principal, 'list', path)
    return { status: 200, body: await describeBucket(core, await findBucket(core, permit)) }
  },
})
