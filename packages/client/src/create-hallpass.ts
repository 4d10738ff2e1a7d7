/** The client: a function for every operation of `/v1`, made of the generated table. */
import { invalidArgument, requireNothingElse } from './arguments.ts'
import type { GeneratedCalls } from './generated/api.ts'
import { CALLS } from './generated/calls.ts'
import { createEventCalls } from './events.ts'
import type { EventCalls } from './events.ts'
import { createFileCalls } from './files.ts'
import type { FileCalls } from './files.ts'
import { readAnswer } from './read-answer.ts'
import { requestOf } from './request-of.ts'
import type { CallOptions, Send } from './send.ts'
import { createSend } from './send.ts'

export interface HallpassOptions {
  /** Where the server is: `https://files.example.com`. */
  readonly url: string
  /** An API key, or what gives one for each request. Keep it out of web pages: a page has a session, or asks your server. */
  readonly key?: string | (() => string | Promise<string>) | undefined
  /** Sent with every request to the server. */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** In place of the global one. */
  readonly fetch?: typeof fetch | undefined
  /** How often a request that may be sent again is; 2 unless said otherwise. */
  readonly retries?: number | undefined
  /** Milliseconds for each try until the answer begins; 30,000 unless said otherwise. */
  readonly timeout?: number | undefined
}

export type Hallpass = Omit<GeneratedCalls, 'files' | 'events'> & {
  readonly files: GeneratedCalls['files'] & FileCalls
  readonly events: GeneratedCalls['events'] & EventCalls
}

/**
 * ```ts
 * const hp = createHallpass({ url: 'https://files.example.com', key: process.env.HALLPASS_API_KEY })
 * const { url } = await hp.links.create({ path: 'acme/report.pdf', expiresIn: 300 })
 * ```
 *
 * Every call takes what it asks for in one object, and `{ signal, timeout }` as a second one. It rejects with a {@link HallpassError}.
 * Throws `argument-invalid` for an option that is not known, and for a `url` that is none.
 */
export function createHallpass(options: HallpassOptions): Hallpass {
  const {
    url,
    key,
    headers = {},
    fetch: ownFetch,
    retries = 2,
    timeout = 30_000,
    ...rest
  } = options
  requireNothingElse(rest)
  const common = { fetch: ownFetch, retries, timeout }
  const send = createSend({ ...common, url: readAddress(url), key, headers })
  const open = createSend({ ...common, url: '', key: undefined, headers: {} })
  const calls = makeCalls(send)
  return {
    ...calls,
    files: {
      ...calls.files,
      ...createFileCalls({ send, open, getFile: calls.files.get }),
    },
    events: { ...calls.events, ...createEventCalls(send) },
  }
}

/** Without slashes at its end. */
function readAddress(url: unknown): string {
  if (typeof url === 'string' && /^https?:\/\/[^/]/i.test(url)) return url.replace(/\/+$/, '')
  throw invalidArgument('url', 'it must say where the server is, such as https://files.example.com')
}

function makeCalls(send: Send): GeneratedCalls {
  const groups = Object.entries(CALLS).map(([group, lines]) => [
    group,
    Object.fromEntries(Object.entries(lines).map(([name, line]) => [name, toCall(line, send)])),
  ])
  return Object.fromEntries(groups) as GeneratedCalls
}

function toCall(line: string, send: Send) {
  return async (
    input: Readonly<Record<string, unknown>> = {},
    options?: CallOptions,
  ): Promise<unknown> => {
    const { method, path, json } = requestOf(line, input)
    const type = { 'content-type': 'application/json' }
    const request =
      json === undefined ? { method, path } : { method, path, body: json, headers: type }
    return readAnswer(await send(request, options))
  }
}
