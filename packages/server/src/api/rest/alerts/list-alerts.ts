/** `GET /v1/alerts`: what looked wrong, newest first. */
import { Type } from 'typebox'
import { listAlerts as listAlertsOf } from '../../../core/watch/alerts.ts'
import { formatPosition, parsePosition } from '../events/event-query.ts'
import { authorizeReach } from '../../../core/policy/authorize.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, pageOf, strictObject } from '../schemas.ts'
import { AlertSchema, viewAlert } from './alert-view.ts'

export const listAlerts = defineOperation({
  id: 'listAlerts',
  method: 'GET',
  path: '/v1/alerts',
  tag: 'Alerts',
  summary: 'List what looked wrong, newest first',
  description:
    'Open ones, unless `state` says `closed`. Closed ones are listed for 400 days. A key with a path prefix sees those of what lies below.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('closed')])),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('alerts', AlertSchema) },
  handle: async ({ core, principal, query }) => {
    const permit = await authorizeReach(core, principal, 'admin')
    const { limit = DEFAULT_PAGE, state = 'open' } = query
    const before = parsePosition(query.cursor)
    const found = await listAlertsOf(core, permit, { isOpen: state === 'open', before, limit })
    const last = found.length < limit ? undefined : found.at(-1)
    return {
      status: 200,
      body: {
        alerts: found.map(({ alert }) => viewAlert(alert)),
        nextCursor: last === undefined ? null : formatPosition(last.position),
      },
    }
  },
})
