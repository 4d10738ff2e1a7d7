/** `POST /v1/alerts/{id}/close`. */
import { closeAlert as closeAlertOf } from '../../../core/watch/alerts.ts'
import { authorizeReach } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { IdParams } from '../schemas.ts'
import { AlertSchema, viewAlert } from './alert-view.ts'

export const closeAlert = defineOperation({
  id: 'closeAlert',
  method: 'POST',
  path: '/v1/alerts/{id}/close',
  tag: 'Alerts',
  summary: 'Say that an alert was seen to',
  description:
    'A link that was paused with it stays so: `POST /v1/links/{id}/resume` lets it go on. Closing twice is fine.',
  access: 'key',
  bodyKind: 'none',
  params: IdParams,
  answers: { 200: AlertSchema },
  handle: async ({ core, principal, params }) => ({
    status: 200,
    body: viewAlert(
      await closeAlertOf(core, await authorizeReach(core, principal, 'admin'), params.id),
    ),
  }),
})
