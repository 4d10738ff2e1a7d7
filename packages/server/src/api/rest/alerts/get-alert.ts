/** `GET /v1/alerts/{id}`. */
import { findAlert } from '../../../core/watch/alerts.ts'
import { authorizeReach } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { AlertSchema, viewAlert } from './alert-view.ts'

export const getAlert = defineOperation({
  id: 'getAlert',
  method: 'GET',
  path: '/v1/alerts/{id}',
  tag: 'Alerts',
  summary: 'Look at an alert',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: AlertSchema },
  handle: async ({ core, principal, params }) => ({
    status: 200,
    body: viewAlert(
      await findAlert(core, await authorizeReach(core, principal, 'admin'), params.id),
    ),
  }),
})
