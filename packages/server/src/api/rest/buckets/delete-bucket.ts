/** `DELETE /v1/buckets/{name}`. */
import { deleteBucket as deleteBucketOf } from '../../../core/buckets/buckets.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { BucketParams } from './bucket-view.ts'

export const deleteBucket = defineOperation({
  id: 'deleteBucket',
  method: 'DELETE',
  path: '/v1/buckets/{name}',
  tag: 'Buckets',
  summary: 'Delete an empty bucket, or unmount one',
  description:
    'The settings of its folders go with it. Of a mounted bucket nothing else goes: its objects stay where they lie.',
  access: 'key',
  bodyKind: 'none',
  params: BucketParams,
  answers: { 204: null },
  handle: async ({ core, principal, params }) => {
    const path = { bucket: parseBucketName(params.name), key: '' }
    await deleteBucketOf(core, await authorize(core, principal, 'delete', path))
    return { status: 204 }
  },
})
