/** `PUT /v1/buckets/{name}`. */
import { createBucket, findBucket } from '../../../core/buckets/buckets.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { BucketParams, BucketSchema, viewBucket } from './bucket-view.ts'

export const putBucket = defineOperation({
  id: 'putBucket',
  method: 'PUT',
  path: '/v1/buckets/{name}',
  tag: 'Buckets',
  summary: 'Make a bucket',
  description:
    'One that is there already stays as it is. Needs the rights to write and to list at its root. The first upload into a bucket makes it as well.',
  access: 'key',
  bodyKind: 'none',
  params: BucketParams,
  answers: { 201: BucketSchema, 200: BucketSchema },
  handle: async ({ core, principal, params }) => {
    const path = { bucket: parseBucketName(params.name), key: '' }
    const seeing = await authorize(core, principal, 'list', path)
    const outcome = await createBucket(core, await authorize(core, principal, 'write', path))
    const body = viewBucket(await findBucket(core, seeing))
    return { status: outcome === 'created' ? 201 : 200, body }
  },
})
