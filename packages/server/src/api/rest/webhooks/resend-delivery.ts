/** `POST /v1/webhooks/{id}/deliveries/{delivery}/resend`. */
import { resendDelivery as resend } from '../../../core/webhooks/deliveries.ts'
import { defineOperation } from '../operation.ts'
import { Id, strictObject } from '../schemas.ts'
import { DeliverySchema, viewDelivery } from './webhook-view.ts'

export const resendDelivery = defineOperation({
  id: 'resendDelivery',
  method: 'POST',
  path: '/v1/webhooks/{id}/deliveries/{delivery}/resend',
  tag: 'Webhooks',
  summary: 'Send a message again',
  description:
    'At once and under its old id, whatever became of it. One that was given up gets one attempt more.',
  access: 'admin',
  bodyKind: 'none',
  params: strictObject({ id: Id, delivery: Id }),
  answers: { 202: DeliverySchema },
  handle: async ({ core, permit, params }) => {
    const delivery = await resend(core, permit, { webhookId: params.id, id: params.delivery })
    return { status: 202, body: viewDelivery(delivery) }
  },
})
