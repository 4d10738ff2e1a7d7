/** `GET /v1/alerts/{id}`. */
import { findAlert } from '../../../core/watch/alerts.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { AlertSchema, viewAlert } from './alert-view.ts'

export const getAlert = defineOperation({
  id: 'getAlert',
  method: 'GET',
  path: '/v1/alerts/{id}',
  tag: 'Alerts',
  summary: 'Look at an alert',
  access: 'admin',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: AlertSchema },
  handle: async ({ core, permit, params }) => ({
    status: 200,
    body: viewAlert(await findAlert(core, permit, params.id)),
  }),
})
