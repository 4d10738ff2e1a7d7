/**
 * Sends requests to one store, again where that may help and within a budget. What comes back is the store's answer, a `StoreUnavailable`,
 * or the reason of the signal. Nothing is followed to another place, and what is thrown holds no header, no URL, no text of the store.
 */
import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { AddressNotAllowed, createCheckedLookup } from '../../platform/checked-lookup.ts'
import { SECOND_MS } from '../../platform/durations.ts'
import type { Random } from '../../platform/random.ts'
import { StoreError, storeUnavailable } from '../../platform/store-errors.ts'
import { backOff } from './back-off.ts'
import { createRetryBudget } from './retry-budget.ts'
import type { CallBody } from './sending-body.ts'
import { createSendingBody, sizeOfBody } from './sending-body.ts'
import type { StoreAnswer } from './store-answer.ts'
import { readText } from './store-answer.ts'
import { cleanCode, isTransient, unexpected, unreachable } from './store-faults.ts'

/** A request as it goes out. */
export interface StoreRequest {
  /** Sent as it stands: nothing is normalised. */
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
}

export interface StoreCall {
  /** The store's own name for it, from a closed list: `PutObject`. */
  readonly operation: string
  /** Asked before every attempt: dates age, and credentials are renewed. */
  readonly prepare: () => Promise<StoreRequest>
  readonly body: CallBody
  readonly signal: AbortSignal | null
  /** Wants the text of the answer, which has at most so many bytes; `null`: its body. */
  readonly textBytes: number | null
}

/** What became of one attempt. */
export const STORE_OUTCOMES = ['ok', 'refused', 'throttled', 'failed', 'unreachable'] as const
export type StoreOutcome = (typeof STORE_OUTCOMES)[number]

export interface StoreSample {
  readonly operation: string
  readonly outcome: StoreOutcome
  /** To the head of the answer. */
  readonly seconds: number
}

export interface SendLimits {
  readonly connectMs: number
  /** For the store to take a slice of a body, to begin its answer, and between two pieces of it. */
  readonly patienceMs: number
  /** All in all, the first one included. */
  readonly attempts: number
  readonly connections: number
}

export interface SenderOptions {
  /** For people, without credentials. */
  readonly store: string
  readonly limits?: Partial<SendLimits>
  /** Whether a network address may be connected to; `null`: any. */
  readonly mayConnect: ((address: string) => boolean) | null
  /** The store's word for what is wrong, if that is what an answer says; some say so under the status 200. */
  readonly codeOf: (text: string, header: StoreAnswer['header']) => string | null
  /** Codes that are worth another attempt whatever the status. */
  readonly retried: ReadonlySet<string>
  readonly onSample: (sample: StoreSample) => void
  readonly random: Random
}

export interface Sender {
  /** Any answer that no further attempt would change. Its body is that of a success; of a refusal it is gone, and `code` says why. */
  send(call: StoreCall): Promise<StoreAnswer>
  close(): Promise<void>
}

const LIMITS: SendLimits = {
  connectMs: 5 * SECOND_MS,
  patienceMs: 30 * SECOND_MS,
  attempts: 4,
  connections: 256,
}
const REFUSAL_BYTES = 64 * 1024
const RETRIED_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

export function createSender(options: SenderOptions): Sender {
  const limits = { ...LIMITS, ...options.limits }
  const agent = createAgent(options, limits)
  const budget = createRetryBudget()

  async function attempt(call: StoreCall): Promise<StoreAnswer> {
    const startedAt = performance.now()
    const sample = (outcome: StoreOutcome): void => {
      const seconds = (performance.now() - startedAt) / 1000
      options.onSample({ operation: call.operation, outcome, seconds })
    }
    try {
      const answer = await exchange(agent, call, { options, limits })
      sample(outcomeOf(answer))
      return answer
    } catch (error) {
      if (call.signal?.aborted !== true && isOfStore(error)) sample('unreachable')
      throw error
    }
  }

  /** `null`: it may be tried again, and `wish` is what the store says about when. */
  async function tryOnce(call: StoreCall): Promise<Tried> {
    try {
      const answer = await attempt(call)
      if (isSuccess(answer.status)) budget.earn()
      if (!isRetried(answer, options.retried)) return { answer }
      return { fault: unexpected(options.store, answer), wish: answer.header('retry-after') }
    } catch (error) {
      call.signal?.throwIfAborted()
      if (error instanceof StoreError) throw error
      if (error instanceof SourceFailure) throw error.cause
      const fault = unreachable(options.store, error)
      if (!isTransient(error)) throw fault
      return { fault, wish: null }
    }
  }

  return {
    async send(call) {
      for (let retry = 1; ; retry += 1) {
        call.signal?.throwIfAborted()
        const tried = await tryOnce(call)
        if ('answer' in tried) return { ...tried.answer, attempts: retry }
        const isOnlyOnce = call.body.kind === 'stream' || retry >= limits.attempts
        const waitMs = isOnlyOnce ? null : backOff(options.random, retry, tried.wish)
        if (waitMs === null || !budget.take()) throw tried.fault
        await sleep(waitMs, null, call.signal === null ? {} : { signal: call.signal }).catch(
          () => undefined,
        )
      }
    },
    // What is still under way is given up: whoever closes has waited for what matters.
    close: () => agent.destroy(),
  }
}

/** The chunks to send ended with an error, which is whoever's they are. */
class SourceFailure extends Error {}

function isOfStore(error: unknown): boolean {
  return !(error instanceof StoreError || error instanceof SourceFailure)
}

type Tried =
  | { readonly answer: StoreAnswer }
  | { readonly fault: StoreError; readonly wish: string | null }

function createAgent({ mayConnect }: SenderOptions, limits: SendLimits): Agent {
  return new Agent({
    connections: limits.connections,
    allowH2: false,
    pipelining: 1,
    bodyTimeout: limits.patienceMs,
    // A watch of our own runs while a body goes out, which this one knows nothing of.
    headersTimeout: 0,
    connect: {
      timeout: limits.connectMs,
      ...(mayConnect !== null && { lookup: createCheckedLookup(mayConnect) }),
    },
  })
}

interface Exchanging {
  readonly options: SenderOptions
  readonly limits: SendLimits
}

/** One request and its answer, or the head of it. */
async function exchange(
  agent: Agent,
  { prepare, body, signal, textBytes }: StoreCall,
  { options, limits }: Exchanging,
): Promise<StoreAnswer> {
  const { url, method, headers } = await prepare()
  const { origin, path } = splitUrl(url)
  requireAllowed(origin, options.mayConnect)
  const sending = createSendingBody(body, limits.patienceMs)
  const stop = signal === null ? sending.stalled : AbortSignal.any([signal, sending.stalled])
  const length = carriesBody(method) ? { 'content-length': `${sizeOfBody(body)}` } : {}
  try {
    const answer = await agent.request({
      origin,
      path,
      method,
      headers: { ...headers, ...length },
      body: sending.stream,
      signal: stop,
    })
    sending.done()
    return await toAnswer(answer, options, textBytes)
  } catch (error) {
    const failure = sending.failure()
    if (failure !== null) throw new SourceFailure('', { cause: failure.reason })
    if (sending.stalled.aborted) throw new Stalled()
    throw error
  } finally {
    sending.done()
  }
}

/** It was the store's turn for too long. */
class Stalled extends Error {
  readonly code = 'ETIMEDOUT'
}

async function toAnswer(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  { codeOf, store }: SenderOptions,
  textBytes: number | null,
): Promise<StoreAnswer> {
  const valueOf = (value: string | string[] | undefined): string | null =>
    (Array.isArray(value) ? value[0] : value) ?? null
  const head = {
    header: (name: string) => valueOf(headers[name]),
    headersBelow: (prefix: string) =>
      Object.fromEntries(
        Object.entries(headers)
          .filter(([name]) => name.startsWith(prefix))
          .map(([name, value]) => [name.slice(prefix.length), valueOf(value) ?? '']),
      ),
    body,
  }
  if (isSuccess(statusCode) && textBytes === null) {
    return { ...head, status: statusCode, code: null, text: null, attempts: 1 }
  }
  const text = await readText(body, isSuccess(statusCode) ? (textBytes ?? 0) : REFUSAL_BYTES)
  if (text === null && isSuccess(statusCode)) {
    throw storeUnavailable(`${store} answers with more text than such an answer has.`)
  }
  const code = cleanCode(codeOf(text ?? '', head.header))
  const status = isSuccess(statusCode) && code !== null ? 500 : statusCode
  return { ...head, status, code, text, attempts: 1 }
}

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function outcomeOf({ status, code }: StoreAnswer): StoreOutcome {
  if (isSuccess(status)) return 'ok'
  if (status === 429 || code === 'SlowDown') return 'throttled'
  return status >= 500 ? 'failed' : 'refused'
}

function isRetried({ status, code }: StoreAnswer, codes: ReadonlySet<string>): boolean {
  return !isSuccess(status) && (RETRIED_STATUSES.has(status) || (code !== null && codes.has(code)))
}

function carriesBody(method: string): boolean {
  return method === 'PUT' || method === 'POST'
}

/** By hand: a URL parser would fold dot segments, which are letters of a key. */
function splitUrl(url: string): { readonly origin: string; readonly path: string } {
  const slash = url.indexOf('/', url.indexOf('//') + 2)
  return slash === -1
    ? { origin: url, path: '/' }
    : { origin: url.slice(0, slash), path: url.slice(slash) }
}

/** An address in place of a name is connected to without a look-up. */
function requireAllowed(origin: string, mayConnect: SenderOptions['mayConnect']): void {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '')
  if (mayConnect !== null && isIP(host) !== 0 && !mayConnect(host)) throw new AddressNotAllowed()
}
