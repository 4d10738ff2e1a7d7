/** `POST /v1/api-keys`. */
import { createApiKey as makeApiKey } from '../../../core/keys/api-keys.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { parseKeyExpiry } from './expiry.ts'
import { CreatedApiKeySchema, QuotaWish, scopeProperties, viewApiKey } from './key-view.ts'

export const createApiKey = defineOperation({
  id: 'createApiKey',
  method: 'POST',
  path: '/v1/api-keys',
  tag: 'Keys',
  summary: 'Create an API key',
  description:
    'The key is shown in this answer and never again. It can have no more rights than its maker, and lives no longer.',
  access: 'admin',
  bodyKind: 'json',
  body: strictObject({ ...scopeProperties, quota: QuotaWish }),
  answers: { 201: CreatedApiKeySchema },
  handle: async ({ core, permit, body }) => {
    const { expiresAt, ...scope } = body
    const { record, secret } = await makeApiKey(core, permit, {
      ...scope,
      ...(expiresAt === undefined
        ? {}
        : { expiresAt: parseKeyExpiry(expiresAt, core.clock.now()) }),
    })
    return {
      status: 201,
      headers: { location: `/v1/api-keys/${record.id}` },
      body: { ...viewApiKey(record), key: secret },
    }
  },
})
