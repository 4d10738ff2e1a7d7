/** Sends requests: again where that is safe, with a time limit, and with an error for everything but success. */
import type { Problem } from './generated/api.ts'
import { HallpassError } from './hallpass-error.ts'

export interface CallOptions {
  /** Ends the call; it rejects with the signal's reason, as `fetch` does. */
  readonly signal?: AbortSignal | undefined
  /** Milliseconds for each try until the answer begins; `Infinity` for no limit. */
  readonly timeout?: number | undefined
}

export interface SendRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyInit | undefined
}

export type Send = (request: SendRequest, options?: CallOptions) => Promise<Response>

export interface Sender {
  /** Without a slash behind. */
  readonly url: string
  readonly key: string | (() => string | Promise<string>) | undefined
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: typeof fetch | undefined
  readonly retries: number
  readonly timeout: number
  /** True: what it sends may be sent again, whatever its method. */
  readonly isRepeatable?: boolean
}

const IDEMPOTENT = new Set(['GET', 'PUT', 'DELETE'])
/** The server, or what stands before it, could not answer right now. */
const PASSING = new Set([429, 502, 503, 504])
const FIRST_PAUSE_MS = 300
/** Asked for by the Fetch standard where a body is a stream; the types of the DOM do not know it yet. */
const HALF_DUPLEX = { duplex: 'half' }

export function createSend(sender: Sender): Send {
  return async (request, options = {}) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await sendOnce(sender, request, options)
      } catch (error) {
        if (tries >= sender.retries || !mayTryAgain(sender, error, request)) throw error
        await pause(error, tries, options.signal)
      }
    }
  }
}

async function sendOnce(
  sender: Sender,
  request: SendRequest,
  { signal, timeout = sender.timeout }: CallOptions,
): Promise<Response> {
  const init = await initOf(sender, request)
  const ended = new AbortController()
  // It ends with the head of the answer: a body may take as long as it likes.
  const timer = timeout === Infinity ? undefined : setTimeout(() => ended.abort(), timeout)
  const either = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal])
  const target = sender.url + request.path
  const call = sender.fetch ?? fetch
  let response: Response
  try {
    response = await call(target, { ...init, signal: either })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw ended.signal.aborted ? timedOut(timeout) : await whyUnreachable(target, call, cause)
  } finally {
    clearTimeout(timer)
  }
  if (response.ok) return response
  throw await refusalOf(response)
}

async function initOf(
  { key, headers: common }: Sender,
  { method, headers, body }: SendRequest,
): Promise<RequestInit> {
  const token = typeof key === 'function' ? await key() : key
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return {
    method,
    headers: { ...common, ...authorization, ...headers },
    ...(body !== undefined && { body }),
    ...(isStream(body) && HALF_DUPLEX),
  }
}

/** A POST may have happened although nobody heard of it: only what was turned away at the door is sent again. */
function mayTryAgain(
  { isRepeatable }: Sender,
  error: unknown,
  { method, body }: SendRequest,
): boolean {
  if (!(error instanceof HallpassError) || isStream(body)) return false
  if (error.status === 429) return true
  if (isRepeatable !== true && !IDEMPOTENT.has(method)) return false
  return error.status === null
    ? error.code === 'network-failed' || error.code === 'timed-out'
    : PASSING.has(error.status)
}

function isStream(body: BodyInit | undefined): boolean {
  return typeof ReadableStream !== 'undefined' && body instanceof ReadableStream
}

function pause(error: unknown, tries: number, signal: AbortSignal | undefined): Promise<void> {
  const asked = error instanceof HallpassError ? (error.retryAfterSeconds ?? 0) * 1000 : 0
  // Not all at once, when a server comes back.
  const drawn = FIRST_PAUSE_MS * 2 ** tries * (0.5 + Math.random())
  return wait(Math.max(asked, drawn), signal)
}

/** Rejects with the reason of the signal. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason as Error)
      return
    }
    const end = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}

function timedOut(ms: number): HallpassError {
  const message = `The server did not answer within ${ms / 1000} seconds.`
  return new HallpassError({ code: 'timed-out', message })
}

/** A browser says the same of both; what it lets through without looking tells them apart. */
export async function whyUnreachable(
  target: string,
  send: typeof fetch,
  cause: unknown,
): Promise<HallpassError> {
  const page = globalThis.location?.origin
  const { origin } = new URL(target, page)
  if (page !== undefined && page !== origin && (await answersAtAll(origin, send))) {
    return new HallpassError({
      code: 'cors-refused',
      message: `${origin} answers, and does not let pages of ${page} see its answers.`,
      remedy: `Call it from your own server, or allow ${page} there.`,
      cause,
    })
  }
  return new HallpassError({
    code: 'network-failed',
    message: `Nothing answers at ${origin}.`,
    remedy: 'Look whether the server runs, the address is right, and the network is there.',
    cause,
  })
}

async function answersAtAll(origin: string, send: typeof fetch): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(5000)
    await send(`${origin}/-/healthz`, { mode: 'no-cors', credentials: 'omit', signal })
    return true
  } catch {
    return false
  }
}

async function refusalOf(response: Response): Promise<HallpassError> {
  const { status } = response
  const retryAfterSeconds = Number(response.headers.get('retry-after')) || null
  const problem = await readProblem(response)
  if (problem === null) {
    return unexpected(response, `it answered ${status} without saying why`, retryAfterSeconds)
  }
  const { code, detail, title, remedy, field } = problem
  return new HallpassError({
    code,
    message: detail,
    status,
    title,
    remedy: remedy ?? null,
    field: field ?? null,
    retryAfterSeconds,
  })
}

async function readProblem(response: Response): Promise<Problem | null> {
  try {
    const problem = (await response.json()) as Partial<Problem> | null
    const isOne = typeof problem?.code === 'string' && typeof problem.detail === 'string'
    return isOne ? (problem as Problem) : null
  } catch {
    return null
  }
}

/** For answers that no Hallpass gives. */
export function unexpected(
  { url, status }: Response,
  reason: string,
  retryAfterSeconds: number | null = null,
): HallpassError {
  return new HallpassError({
    code: 'answer-unexpected',
    message: `What is at ${url.split('?', 1)[0]} does not answer as Hallpass does: ${reason}.`,
    remedy: 'Look whether `url` leads to a Hallpass server, and what proxies are on the way.',
    status,
    retryAfterSeconds,
  })
}
