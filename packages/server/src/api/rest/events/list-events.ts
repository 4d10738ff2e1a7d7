/** `GET /v1/events`: what happened, newest first. */
import { Type } from 'typebox'
import { listEvents as listEventsOf } from '../../../core/events/read-events.ts'
import { viewEvent } from '../../../core/events/view-event.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, DEFAULT_PAGE, Limit, pageOf, strictObject } from '../schemas.ts'
import {
  authorizeEvents,
  EVENT_FILTERS,
  formatPosition,
  parsePosition,
  toEventWish,
} from './event-query.ts'
import { EventSchema } from './event-view.ts'

export const listEvents = defineOperation({
  id: 'listEvents',
  method: 'GET',
  path: '/v1/events',
  tag: 'Events',
  summary: 'List what happened, newest first',
  description:
    'Needs the action `admin` where it happened; a key with a path prefix sees what happened below it. Changes of files and rights are never missing. Uses of links and keys follow within a second. A page looks at a bounded number of events: it may be empty though more follow, and `nextCursor` says so.',
  access: 'key',
  bodyKind: 'none',
  query: strictObject({
    ...EVENT_FILTERS,
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  }),
  answers: { 200: pageOf('events', EventSchema) },
  handle: async ({ core, principal, query }) => {
    const permit = await authorizeEvents(core, principal, query.path)
    const { events, nextBefore } = await listEventsOf(core, permit, {
      ...toEventWish(query),
      before: parsePosition(query.cursor),
      limit: query.limit ?? DEFAULT_PAGE,
    })
    const nextCursor = nextBefore === null ? null : formatPosition(nextBefore)
    return {
      status: 200,
      body: { events: events.map(({ event }) => viewEvent(event)), nextCursor },
    }
  },
})
