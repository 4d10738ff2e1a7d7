/** `DELETE /v1/webhooks/{id}`. */
import { removeWebhook } from '../../../core/webhooks/webhooks.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'

export const deleteWebhook = defineOperation({
  id: 'deleteWebhook',
  method: 'DELETE',
  path: '/v1/webhooks/{id}',
  tag: 'Webhooks',
  summary: 'Remove a webhook, with what it was still to be told',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 204: null },
  handle: async ({ core, permit, params }) => {
    await removeWebhook(core, permit, params.id)
    return { status: 204 }
  },
})
