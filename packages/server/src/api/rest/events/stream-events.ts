/** `GET /v1/events/stream`: what happens, as it happens, as server-sent events. */
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { Type } from 'typebox'
import type { CoreContext } from '../../../core/context.ts'
import { followEvents, lastEvent } from '../../../core/events/read-events.ts'
import type { Followed } from '../../../core/events/read-events.ts'
import { findHeader } from '../../../http/raw-headers.ts'
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

const LOOK_EVERY_MS = 500
/** Something is sent at least this often, so that nobody on the way takes the connection for dead. */
const ALIVE_EVERY_MS = 15_000

export const streamEvents = defineOperation({
  id: 'streamEvents',
  method: 'GET',
  path: '/v1/events/stream',
  tag: 'Events',
  summary: 'Follow what happens as server-sent events',
  description:
    'Begins with what happens next, or behind `cursor`. Each event has its kind as `event`, the event as `data`, and a cursor as `id`: sent back as `Last-Event-ID`, the stream goes on there. It ends with the rights of its key.',
  access: 'key',
  bodyKind: 'none',
  contentType: 'text/event-stream',
  query: strictObject({ ...EVENT_FILTERS, cursor: Type.Optional(Cursor) }),
  answers: { 200: Type.String() },
  handle: async ({ core, context, principal, query, request, signal }) => {
    const permit = await authorizeEvents(core, principal, query.path)
    const resumed = findHeader(request.rawHeaders, 'last-event-id') ?? undefined
    const after = parsePosition(resumed === '' ? query.cursor : (resumed ?? query.cursor))
    const ended = new AbortController()
    const followed = followEvents(core, permit, {
      wish: toEventWish(query),
      after: after ?? (await lastEvent(core, permit)),
      last: null,
      signal: AbortSignal.any([signal, ended.signal]),
      pause: async () => {
        await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
        if ((await context.whyNotReady()) !== null) ended.abort()
      },
    })
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
      body: Readable.from(formatStream(core, followed)),
    }
  },
})

async function* formatStream(
  { clock }: CoreContext,
  followed: AsyncIterable<Followed>,
): AsyncGenerator<string> {
  // Headers go out with the first bytes.
  yield ': here\n\n'
  let saidAt = clock.now()
  try {
    for await (const { events } of followed) {
      const isQuiet = clock.now() - saidAt > ALIVE_EVERY_MS
      if (events.length === 0 && !isQuiet) continue
      saidAt = clock.now()
      yield events.length === 0 ? ': here\n\n' : events.map(formatMessage).join('')
    }
  } catch {
    // Whoever lost the right to see more sees the end.
  }
}

function formatMessage({ event, position }: Followed['events'][number]): string {
  const data = JSON.stringify(viewEvent(event))
  return `id: ${formatPosition(position)}\nevent: ${event.kind}\ndata: ${data}\n\n`
}
