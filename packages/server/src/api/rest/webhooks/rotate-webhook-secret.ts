/** `POST /v1/webhooks/{id}/rotate-secret`. */
import { rotateWebhookSecret as rotate } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { ShownWebhookSchema, viewWebhook } from './webhook-view.ts'

export const rotateWebhookSecret = defineOperation({
  id: 'rotateWebhookSecret',
  method: 'POST',
  path: '/v1/webhooks/{id}/rotate-secret',
  tag: 'Webhooks',
  summary: 'Give a webhook a new secret',
  description:
    'It is shown in this answer and never again. For a day every message carries a signature of the secret before too.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: ShownWebhookSchema },
  handle: async ({ core, permit, params }) => {
    const { webhook, secret } = await rotate(core, permit, params.id)
    return { status: 200, body: { ...viewWebhook(webhook), secret } }
  },
})
