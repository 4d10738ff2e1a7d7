/** `GET /v1/events/export`: everything there is, oldest first, a JSON object a line. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { followEvents, lastEvent } from '../../../core/events/read-events.ts'
import type { Followed } from '../../../core/events/read-events.ts'
import { viewEvent } from '../../../core/events/view-event.ts'
import { defineOperation } from '../operation.ts'
import { Cursor, strictObject } from '../schemas.ts'
import {
  authorizeEvents,
  EVENT_FILTERS,
  formatPosition,
  parsePosition,
  toEventWish,
} from './event-query.ts'

export const exportEvents = defineOperation({
  id: 'exportEvents',
  method: 'GET',
  path: '/v1/events/export',
  tag: 'Events',
  summary: 'Export events as JSON lines, oldest first',
  description:
    'The header `x-hallpass-next-cursor` says where this export ends: given as `cursor`, the next one begins there and misses nothing.',
  access: 'key',
  bodyKind: 'none',
  contentType: 'application/jsonl',
  query: strictObject({ ...EVENT_FILTERS, cursor: Type.Optional(Cursor) }),
  answers: { 200: Type.String() },
  handle: async ({ core, principal, query, signal }) => {
    const permit = await authorizeEvents(core, principal, query.path)
    const last = await lastEvent(core, permit)
    const followed = followEvents(core, permit, {
      wish: toEventWish(query),
      after: parsePosition(query.cursor) ?? 0,
      last,
      signal,
      pause: () => Promise.resolve(),
    })
    return {
      status: 200,
      headers: {
        'content-type': 'application/jsonl',
        'x-hallpass-next-cursor': formatPosition(last),
      },
      body: Readable.from(formatLines(followed)),
    }
  },
})

async function* formatLines(followed: AsyncIterable<Followed>): AsyncGenerator<string> {
  for await (const { events } of followed) {
    if (events.length === 0) continue
    yield events.map(({ event }) => `${JSON.stringify(viewEvent(event))}\n`).join('')
  }
}
