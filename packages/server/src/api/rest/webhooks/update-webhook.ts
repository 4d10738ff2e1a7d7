/** `PATCH /v1/webhooks/{id}`. */
import { changeWebhook } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { WebhookChangeBody, WebhookSchema, readFolder, viewWebhook } from './webhook-view.ts'

export const updateWebhook = defineOperation({
  id: 'updateWebhook',
  method: 'PATCH',
  path: '/v1/webhooks/{id}',
  tag: 'Webhooks',
  summary: 'Change a webhook',
  description:
    'Sets what is named. While it is `disabled` nothing is sent and no message made; those that waited wait on.',
  access: 'admin',
  bodyKind: 'json',
  params: IdParams,
  body: WebhookChangeBody,
  answers: { 200: WebhookSchema },
  handle: async ({ core, permit, params, body }) => {
    const { events, folder, disabled, ...rest } = body
    const webhook = await changeWebhook(core, permit, {
      ...rest,
      id: params.id,
      ...(events !== undefined && { kinds: events }),
      ...(folder !== undefined && { pathPrefix: readFolder(folder) }),
      ...(disabled !== undefined && { isDisabled: disabled }),
    })
    return { status: 200, body: viewWebhook(webhook) }
  },
})
