/** What happens on the server: as it happens, and all of it at once. */
import type { AuditEvent, EventFilter } from './generated/api.ts'
import { isHallpassError } from './hallpass-error.ts'
import { readLines } from './read-lines.ts'
import { requestOf } from './request-of.ts'
import type { CallOptions, Send } from './send.ts'
import { wait } from './send.ts'

export interface EventCalls {
  /**
   * Follows what happens, until the signal aborts or the loop is left. A connection that breaks is made anew, and goes on behind the last
   * event. Throws when the rights of the key end.
   */
  readonly stream: (
    input?: EventFilter,
    options?: CallOptions,
  ) => AsyncGenerator<AuditEvent, void, undefined>
  /** Everything that is kept, oldest first. */
  readonly export: (
    input?: EventFilter,
    options?: CallOptions,
  ) => AsyncGenerator<AuditEvent, void, undefined>
}

const LONGEST_PAUSE_MS = 10_000
const FILTER = 'link,path,key,code,kind,since,cursor'

export function createEventCalls(send: Send): EventCalls {
  return {
    async *stream(input = {}, options = {}) {
      const { path } = requestOf(`GET /v1/events/stream?${FILTER}`, { ...input })
      let lastId = ''
      for (let failures = 0; ; failures += 1) {
        if (failures > 0)
          await wait(Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS), options.signal)
        const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) }
        try {
          const response = await send({ method: 'GET', path, headers }, options)
          for await (const { id, data } of readMessages(response)) {
            failures = 0
            lastId = id
            yield JSON.parse(data) as AuditEvent
          }
        } catch (error) {
          options.signal?.throwIfAborted()
          // A refusal is an answer: asking again brings the same one.
          if (isHallpassError(error) && (error.status ?? 500) < 500) throw error
        }
      }
    },
    async *export(input = {}, options = {}) {
      const { path } = requestOf(`GET /v1/events/export?${FILTER}`, { ...input })
      const response = await send({ method: 'GET', path }, options)
      for await (const line of readLines(response))
        if (line !== '') yield JSON.parse(line) as AuditEvent
    },
  }
}

interface Message {
  readonly id: string
  readonly data: string
}

async function* readMessages(response: Response): AsyncGenerator<Message> {
  let id = ''
  let data = ''
  for await (const line of readLines(response)) {
    if (line === '' && data !== '') {
      yield { id, data }
      data = ''
    }
    if (line.startsWith('id: ')) id = line.slice(4)
    if (line.startsWith('data: ')) data += line.slice(6)
  }
}
