/** `GET /v1/webhooks/{id}/deliveries`: what it was told, newest first. */
import { Type } from 'typebox'
import { listDeliveries as listDeliveriesOf } from '../../../core/webhooks/deliveries.ts'
import { formatPosition, parsePosition } from '../events/event-query.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, IdParams, Limit, pageOf, strictObject } from '../schemas.ts'
import { DeliverySchema, DeliveryStateSchema, viewDelivery } from './webhook-view.ts'

export const listDeliveries = defineOperation({
  id: 'listDeliveries',
  method: 'GET',
  path: '/v1/webhooks/{id}/deliveries',
  tag: 'Webhooks',
  summary: 'List the messages of a webhook, newest first',
  description:
    'Those given up are the `dead` ones. What arrived or was given up is listed for thirty days.',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  query: strictObject({
    state: Type.Optional(DeliveryStateSchema),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('deliveries', DeliverySchema) },
  handle: async ({ core, permit, params, query }) => {
    const { limit = DEFAULT_PAGE, state = null } = query
    const before = parsePosition(query.cursor)
    const found = await listDeliveriesOf(core, permit, {
      webhookId: params.id,
      state,
      before,
      limit,
    })
    const last = found.length < limit ? undefined : found.at(-1)
    return {
      status: 200,
      body: {
        deliveries: found.map(({ delivery }) => viewDelivery(delivery)),
        nextCursor: last === undefined ? null : formatPosition(last.position),
      },
    }
  },
})
