/** `PATCH /v1/buckets/{name}`: whether it keeps what is replaced or deleted. */
import { Type } from 'typebox'
import { setVersioning } from '../../../core/buckets/bucket-settings.ts'
import { findBucket } from '../../../core/buckets/buckets.ts'
import { parseBucketName } from '../../../core/paths.ts'
import { authorize } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { BucketParams, BucketSchema, describeBucket } from './bucket-view.ts'

export const updateBucket = defineOperation({
  id: 'updateBucket',
  method: 'PATCH',
  path: '/v1/buckets/{name}',
  tag: 'Buckets',
  summary: 'Keep versions, or no more',
  description:
    'Enabled, what is replaced or deleted stays as a version and can be restored. Suspended, no more are kept, and those that are there stay. Needs the right to administer at its root.',
  access: 'key',
  bodyKind: 'json',
  params: BucketParams,
  body: strictObject({
    versioning: Type.Union([Type.Literal('enabled'), Type.Literal('suspended')]),
  }),
  answers: { 200: BucketSchema },
  handle: async ({ core, principal, params, body }) => {
    const path = { bucket: parseBucketName(params.name), key: '' }
    const permit = await authorize(core, principal, 'admin', path)
    await setVersioning(core, permit, body.versioning)
    return { status: 200, body: await describeBucket(core, await findBucket(core, permit)) }
  },
})
