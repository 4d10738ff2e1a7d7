/** `GET /v1/access-keys/{id}/descendants`: what would end with the key. */
import { listAccessKeys } from '../../../core/keys/access-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { DescendantsSchema, showDescendants } from './descendants.ts'
import { requireKeyIn } from './require-key.ts'

export const listAccessKeyDescendants = defineOperation({
  id: 'listAccessKeyDescendants',
  method: 'GET',
  path: '/v1/access-keys/{id}/descendants',
  tag: 'Keys',
  summary: 'List the living keys that a key made, and those that they made',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: DescendantsSchema },
  handle: async ({ core, permit, params }) => {
    requireKeyIn(await listAccessKeys(core, permit), params.id)
    return { status: 200, body: await showDescendants(core, permit, params.id) }
  },
})
