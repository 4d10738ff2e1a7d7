/** `POST /v1/webhooks`. */
import { createWebhook as makeWebhook } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { ShownWebhookSchema, WebhookBody, readOptions, viewWebhook } from './webhook-view.ts'

export const createWebhook = defineOperation({
  id: 'createWebhook',
  method: 'POST',
  path: '/v1/webhooks',
  tag: 'Webhooks',
  summary: 'Have a URL told what happens',
  description:
    'Each event of the types in `events` is posted as JSON, signed as Standard Webhooks say, until it is answered with a 2xx, for three days. The secret is shown in this answer and never again.',
  access: 'admin',
  bodyKind: 'json',
  body: WebhookBody,
  answers: { 201: ShownWebhookSchema },
  handle: async ({ core, permit, body }) => {
    const { webhook, secret } = await makeWebhook(core, permit, readOptions(body))
    return {
      status: 201,
      headers: { location: `/v1/webhooks/${webhook.id}` },
      body: { ...viewWebhook(webhook), secret },
    }
  },
})
