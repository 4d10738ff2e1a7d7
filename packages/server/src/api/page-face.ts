/**
 * What the faces have in common that scripts of web pages speak to: which pages may [FETCH-CORS], a refusal as a problem document, one line
 * of the log and one sample a request. Cookies mean nothing here: a page can do what its key or its link lets anybody do.
 */
import type { IncomingMessage } from 'node:http'
import { findPageOrigin } from '../auth/page-origin.ts'
import type { CoreContext } from '../core/context.ts'
import { findUserAgent } from '../core/user-agent.ts'
import { createOriginList } from '../http/allowed-origins.ts'
import type { AllowedOrigins } from '../http/allowed-origins.ts'
import type { Metrics } from '../platform/metrics.ts'
import { answerExchange } from './answer-exchange.ts'
import type { PageAnswer, PageExchange } from './answer-exchange.ts'
import { noteRequest } from './note-request.ts'
import { PROBLEM_TYPE } from './problem-document.ts'
import { problemHeaders, toProblem } from './problem.ts'
import type { Problem } from './problem.ts'

/** One request, and what is found out on the way. What it holds goes into the log; the address never does. */
export interface PageCall extends PageExchange {
  readonly startedAt: number
  /** The page that asks; `null` for programs and pages of this server. */
  readonly pageOrigin: string | null
  /** True for a page of elsewhere that is let in. */
  readonly isForeignPage: boolean
  /** What is asked for, by its own name. */
  operation: string
  /** Of a drop before it was found, too: who guesses at addresses asks for many different ones. */
  linkId: string | null
  keyId: string | null
  refusedFor: string | null
}

export interface PageFace {
  /** Answers the exchange in full. Resolves once nothing of it is under way any more; never rejects. */
  handle(exchange: PageExchange): Promise<void>
  /** The same with the refusal behind `error`, whatever was asked for. */
  refuse(exchange: PageExchange, error: Error): Promise<void>
}

export interface PageFaceOptions {
  readonly core: CoreContext
  readonly metrics: Pick<Metrics, 'observeRequest'>
  readonly corsOrigins: AllowedOrigins
  readonly plane: 'tus' | 'uppy'
  /** What a page may send, and what it may read of the answers. */
  readonly methods: string
  readonly exposed: string
  /** Of every answer. */
  readonly headers: Readonly<Record<string, string>>
  readonly serve: (call: PageCall) => Promise<PageAnswer>
  /** The face's own words for what it throws itself; `null` for everything else. */
  readonly explain: (error: unknown) => Pick<Problem, 'code' | 'status' | 'title' | 'detail'> | null
}

/** Browsers keep an answer for as long as they like best: two hours at most. */
const MAX_AGE_SECONDS = '7200'
/** Names of headers as a browser lists them. */
const HEADER_NAMES = /^[\w\-, ]{1,1024}$/
export function createPageFace(options: PageFaceOptions): PageFace {
  const { core } = options
  const cors = createCors(options)

  function answer(
    exchange: PageExchange,
    serve: (call: PageCall) => Promise<PageAnswer>,
  ): Promise<void> {
    return answerExchange(begin(core, cors, exchange), {
      serve: async (call) => cors.answerPreflight(call.request) ?? (await serve(call)),
      refuse: (call, error) => refuse(options, call, error),
      headers: { ...options.headers, ...cors.headersFor(exchange.request) },
      note: (call) => note(options, call),
    })
  }

  return {
    handle: (exchange) => answer(exchange, options.serve),
    refuse: (exchange, error) => answer(exchange, () => Promise.reject(error)),
  }
}

interface Cors {
  allows(origin: string | null): boolean
  headersFor(request: IncomingMessage): Record<string, string>
  /** `null` unless the request only asks whether another one may be sent. */
  answerPreflight(request: IncomingMessage): PageAnswer | null
}

function createCors({ corsOrigins, methods, exposed }: PageFaceOptions): Cors {
  const isForAll = corsOrigins === '*'
  const isListed = createOriginList(corsOrigins === null || isForAll ? [] : corsOrigins)
  const allows = (origin: string | null): boolean =>
    origin !== null && (isForAll || isListed(origin))

  return {
    allows,
    headersFor({ headers: { origin = null } }) {
      if (corsOrigins === null) return {}
      const vary: Record<string, string> = isForAll ? {} : { vary: 'Origin' }
      if (origin === null || !allows(origin)) return vary
      const allowed = isForAll ? '*' : origin
      return {
        ...vary,
        'access-control-allow-origin': allowed,
        'access-control-expose-headers': exposed,
      }
    },
    answerPreflight({ method, headers }) {
      const isPreflight =
        method === 'OPTIONS' && headers['access-control-request-method'] !== undefined
      if (!isPreflight || !allows(headers.origin ?? null)) return null
      const wanted = headers['access-control-request-headers'] ?? ''
      return {
        status: 204,
        headers: {
          'access-control-allow-methods': methods,
          ...(HEADER_NAMES.test(wanted) && { 'access-control-allow-headers': wanted }),
          'access-control-max-age': MAX_AGE_SECONDS,
        },
        body: '',
      }
    },
  }
}

function begin(core: CoreContext, cors: Cors, exchange: PageExchange): PageCall {
  const pageOrigin = findPageOrigin(core, exchange.request.rawHeaders)
  return {
    ...exchange,
    startedAt: core.clock.now(),
    pageOrigin,
    isForeignPage: cors.allows(pageOrigin),
    operation: 'none',
    linkId: null,
    keyId: null,
    refusedFor: null,
  }
}

function refuse(options: PageFaceOptions, call: PageCall, error: unknown): PageAnswer {
  const { core } = options
  const known = toProblem(error, core.publicUrl)
  const own = options.explain(error)
  const problem: Problem =
    own === null ? known : { ...own, type: `${core.publicUrl}/-/docs/errors/${own.code}` }
  call.refusedFor = problem.code
  const { requestId } = call
  if (problem.status >= 500) {
    core.log.error({ err: error, requestId, code: problem.code }, 'request failed')
  }
  return {
    status: problem.status,
    headers: {
      'content-type': PROBLEM_TYPE,
      ...problemHeaders(error, problem, 'Bearer realm="hallpass"'),
    },
    // Uppy shows `message` of a refusal to its user.
    body: JSON.stringify({ ...problem, message: problem.detail }),
  }
}

function note(options: PageFaceOptions, call: PageCall): void {
  const { core } = options
  const { clientIp: address, operation, linkId, keyId, refusedFor } = call
  const about = { ...(linkId !== null && { link: linkId }), ...(keyId !== null && { keyId }) }
  noteRequest(options, call, { operation, about })
  const agent = findUserAgent(call.request.rawHeaders)
  if (keyId !== null) core.events.noteKey(keyId, { address, agent })
  if (refusedFor === null) return
  const from = { linkId, keyId, address, agent, referrer: null }
  const what = { kind: 'request.refused', code: refusedFor, target: operation } as const
  core.events.note({ ...what, ...from, path: '', bytes: 0 })
}
