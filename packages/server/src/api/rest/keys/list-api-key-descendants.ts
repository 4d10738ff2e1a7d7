/** `GET /v1/api-keys/{id}/descendants`: what would end with the key. */
import { listApiKeys } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { DescendantsSchema, showDescendants } from './descendants.ts'
import { requireKeyIn } from './require-key.ts'

export const listApiKeyDescendants = defineOperation({
  id: 'listApiKeyDescendants',
  method: 'GET',
  path: '/v1/api-keys/{id}/descendants',
  tag: 'Keys',
  summary: 'List the living keys that a key made, and those that they made',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: DescendantsSchema },
  handle: async ({ core, permit, params }) => {
    requireKeyIn(await listApiKeys(core, permit), params.id)
    return { status: 200, body: await showDescendants(core, permit, params.id) }
  },
})
