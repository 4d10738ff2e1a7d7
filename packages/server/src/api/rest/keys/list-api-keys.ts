/** `GET /v1/api-keys`: every API key, revoked ones too. */
import { Type } from 'typebox'
import { listApiKeys as listApiKeysOf } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { ApiKeySchema, viewApiKey } from './key-view.ts'

export const listApiKeys = defineOperation({
  id: 'listApiKeys',
  method: 'GET',
  path: '/v1/api-keys',
  tag: 'Keys',
  summary: 'List the API keys',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ apiKeys: Type.Array(ApiKeySchema) }) },
  handle: async ({ core, permit }) => {
    const keys = await listApiKeysOf(core, permit)
    return { status: 200, body: { apiKeys: keys.map(viewApiKey) } }
  },
})
