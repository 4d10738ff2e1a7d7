/** `GET /v1/webhooks/{id}`. */
import { findWebhook } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { WebhookSchema, viewWebhook } from './webhook-view.ts'

export const getWebhook = defineOperation({
  id: 'getWebhook',
  method: 'GET',
  path: '/v1/webhooks/{id}',
  tag: 'Webhooks',
  summary: 'Look at a webhook',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: WebhookSchema },
  handle: async ({ core, permit, params }) => ({
    status: 200,
    body: viewWebhook(await findWebhook(core, permit, params.id)),
  }),
})
