/** `GET /v1/webhooks`. */
import { Type } from 'typebox'
import { listWebhooks as listWebhooksOf } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { strictObject } from '../schemas.ts'
import { WebhookSchema, viewWebhook } from './webhook-view.ts'

export const listWebhooks = defineOperation({
  id: 'listWebhooks',
  method: 'GET',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'List webhooks',
  access: 'admin',
  bodyKind: 'none',
  answers: { 200: strictObject({ webhooks: Type.Array(WebhookSchema) }) },
  handle: async ({ core, permit }) => ({
    status: 200,
    body: { webhooks: (await listWebhooksOf(core, permit)).map(viewWebhook) },
  }),
})
