/** `GET /v1/api-keys`: every API key, revoked ones too. */
import { Type } from 'typebox'
import { listApiKeys as listApiKeysOf } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import type { Operation } from '../operation.ts'
import { ApiKeySchema, strictObject } from '../schemas.ts'
import { viewApiKey } from '../views.ts'

export const listApiKeys: Operation = defineOperation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/v1/api-keys',
  tag: 'Keys',
  summary: 'List the API keys',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ apiKeys: Type.Array(ApiKeySchema) }) },
  handle: async ({ core, principal }) => {
    const keys = await listApiKeysOf(core, principal)
    return { status: 200, body: { apiKeys: keys.map(viewApiKey) } }
  },
})
