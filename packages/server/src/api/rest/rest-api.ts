/**
 * The REST face: Fastify as router and validator behind app.ts. Every route of the table is registered the same way:
 * who calls is settled before anything of the body is read and once more after the last of it, what is asked is checked against the schemas, and
 * whatever is thrown becomes a problem document.
 */
import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { readConsoleSession } from '../../auth/console-session.ts'
import { findPageOrigin } from '../../auth/page-origin.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import { HttpFault } from '../../http/faults.ts'
import type { CoreContext } from '../../core/context.ts'
import type { Caller } from './admit.ts'
import type { CallContext, OpenApiDocument, RestContext, RestExchange } from './context.ts'
import { createRestCors } from './cors.ts'
import type { RestCors } from './cors.ts'
import { createDocuments } from './docs/documents.ts'
import { registerDocument } from './docs/register-document.ts'
import { renderErrorDocs } from './docs/render-error-docs.ts'
import { DOCS_STYLE } from './docs/style.ts'
import { readJsonBody } from './json-body.ts'
import type { AdmittedCall, OpenCall, Operation } from './operation.ts'
import { convertQuery } from './query-text.ts'
import { PROBLEM_TYPE } from '../problem-document.ts'
import { problemHeaders, toProblem } from './render-error.ts'
import { createRouter, rawPathOf, toRouteConstraints, toRouterPath } from './router.ts'
import { ROUTES } from './routes.ts'
import { validateRequest } from './validate-request.ts'

export interface RestApi {
  /** Answers the exchange in full. Resolves once nothing of it is under way any more; never rejects. */
  handle(exchange: RestExchange): Promise<void>
  /** The same with the problem behind `error`, whatever was asked for. */
  refuse(exchange: RestExchange, error: Error): Promise<void>
  close(): Promise<void>
}

/** A request under way: what app.ts gave, and what was found out since. */
interface InFlight {
  readonly exchange: RestExchange
  readonly startedAt: number
  operation: Operation | null
  readonly aborted: AbortController
  admitted: AdmittedCall | null
  /** The code of docs/errors.md, once it was refused. */
  refusedFor: string | null
  /** The id in the address, if the operation has one there. */
  target: string | null
  /** What the operation does, once it has begun: it may have to clear away after its client is gone. */
  work: Promise<unknown> | null
}

/** JSON holds URLs that fetch files: nobody on the way may keep it, and no page may frame or sniff it. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const

export async function createRestApi(context: RestContext): Promise<RestApi> {
  const cors = createRestCors(context.corsOrigins, context.core.userTokens !== null)
  const inFlight = new WeakMap<object, InFlight>()
  const find = (request: FastifyRequest): InFlight => {
    const found = inFlight.get(request.raw)
    if (found === undefined) throw new Error('The request did not come through handle().')
    return found
  }
  const router = createRouter((request, reply, error) =>
    sendProblem(context, find(request), error, reply),
  )
  await registerDocument(router, context)
  const callContext: CallContext = {
    ...context,
    documents: createDocuments(
      () => router.swagger() as unknown as OpenApiDocument,
      () => context.core.publicUrl,
    ),
  }
  const face = { context: callContext, cors }
  for (const operation of ROUTES) router.route(toRoute(operation, face, find))
  await router.ready()

  return {
    handle: (exchange) => {
      const { call, over } = follow(context, exchange)
      inFlight.set(exchange.request, call)
      cors.share(exchange.request, exchange.response)
      if (cors.answerPreflight(exchange.request, exchange.response)) return over.promise
      router.routing(exchange.request, exchange.response)
      return over.promise
    },
    refuse: (exchange, error) => {
      const { over } = follow(context, exchange)
      const problem = toProblem(error, context.core.publicUrl)
      const body = Buffer.from(JSON.stringify(problem))
      exchange.response.writeHead(problem.status, {
        ...HEADERS,
        ...problemHeaders(error, problem),
        'content-type': PROBLEM_TYPE,
        'content-length': body.length,
      })
      exchange.response.end(exchange.request.method === 'HEAD' ? undefined : body)
      return over.promise
    },
    close: () => router.close(),
  }
}

interface Followed {
  readonly call: InFlight
  /** Settles once nothing of the request is under way any more. */
  readonly over: PromiseWithResolvers<void>
}

/** Records the request when it ends, and cancels its work when nobody waits for the answer any more. */
function follow(context: RestContext, exchange: RestExchange): Followed {
  const aborted = new AbortController()
  const startedAt = context.core.clock.now()
  const call: InFlight = {
    exchange,
    startedAt,
    aborted,
    operation: null,
    admitted: null,
    refusedFor: null,
    target: null,
    work: null,
  }
  const over = Promise.withResolvers<void>()
  exchange.response.once('close', () => {
    if (!exchange.response.writableFinished) aborted.abort(new HttpFault('client-gone'))
    record(context, call)
    const work = call.work ?? Promise.resolve()
    work.then(
      () => over.resolve(),
      () => over.resolve(),
    )
  })
  return { call, over }
}

function toRoute(
  operation: Operation,
  { context, cors }: { readonly context: CallContext; readonly cors: RestCors },
  find: (request: FastifyRequest) => InFlight,
): RouteOptions {
  const callerOf = (call: InFlight): Caller => describeCaller(context.core, cors, call)
  return {
    method: operation.method,
    url: toRouterPath(operation),
    ...toRouteConstraints(operation),
    config: { operation },
    onRequest: async (request) => {
      const call = find(request)
      call.operation = operation
      call.target = readTarget(request.params)
      const { requirePace } = context.core
      // Whoever looks whether the server is well is always answered.
      if (operation.access !== 'anyone') requirePace('address', call.exchange.clientIp)
      call.admitted = await operation.admit(context.core, callerOf(call))
      const { keyId } = call.admitted
      if (keyId !== null) requirePace('key', keyId)
    },
    preValidation: async (request) => {
      if (operation.query !== null) {
        request.query = convertQuery(request.query as Record<string, unknown>, operation.query)
      }
      if (operation.bodyKind === 'json') {
        const call = find(request)
        const body = await readJsonBody(request.headers['content-type'], call.exchange.readBody)
        request.body = body === undefined && operation.takesNoBody === true ? {} : body
        // A body may take as long as its sender likes, and the key may have ended meanwhile.
        call.admitted = await operation.admit(context.core, callerOf(call))
      }
      validateRequest(request, operation)
    },
    handler: async (request, reply) => {
      const call = find(request)
      if (call.admitted === null) throw new Error('Nobody asked who is calling.')
      const ended = operation.bodyKind === 'stream' ? context.metrics.beginUpload() : undefined
      const work = call.admitted.handle(toCall(request, context, call)).finally(ended)
      call.work = work
      const { status, headers, body } = await work
      reply
        .code(status)
        .headers(HEADERS)
        .headers(headers ?? {})
      return body === undefined ? reply.send() : reply.send(body)
    },
  }
}

function describeCaller(core: CoreContext, cors: RestCors, { exchange }: InFlight): Caller {
  const { request, clientIp } = exchange
  const { authorization } = request.headers
  const pageOrigin = findPageOrigin(core, request.rawHeaders)
  const agent = findUserAgent(request.rawHeaders)
  const isForeignPage = cors.allows(pageOrigin)
  const session = readConsoleSession(core, request.rawHeaders)
  return { authorization, clientIp, agent, pageOrigin, isForeignPage, session }
}

const OWN_ID = /^(?:(?:link|auto|share|file|key)_[0-9A-Za-z.]{1,80}|HP[A-Z2-7]{18})$/

/** Only what looks like an id of ours: the rest of an address is a stranger's words. */
function readTarget(params: unknown): string | null {
  if (typeof params !== 'object' || params === null || !('id' in params)) return null
  const { id } = params
  return typeof id === 'string' && OWN_ID.test(id) ? id : null
}

function toCall(
  request: FastifyRequest,
  context: CallContext,
  { exchange, aborted }: InFlight,
): OpenCall {
  return {
    core: context.core,
    context,
    params: request.params,
    query: request.query,
    body: request.body,
    request: request.raw,
    rawPath: rawPathOf(request),
    stream: exchange.readBody,
    signal: aborted.signal,
  }
}

/** One line and one sample a request. The operation stands for the path: a path or query may hold what must not be kept. */
function record({ core, metrics }: RestContext, call: InFlight): void {
  const { exchange, startedAt, operation, admitted, refusedFor, target } = call
  const { request, response, requestId, clientIp } = exchange
  const ms = core.clock.now() - startedAt
  const status = response.statusCode
  const name = operation?.id ?? 'none'
  metrics.observeRequest({ plane: 'rest', operation: name, status, seconds: ms / 1000 })
  noteCall(core, call, name)
  const level = operation?.tag === 'Service' ? 'debug' : 'info'
  core.log[level](
    {
      requestId,
      method: request.method,
      operation: name,
      status,
      ms,
      ip: clientIp,
      ...(admitted === null || admitted.keyId === null ? {} : { keyId: admitted.keyId }),
      ...(target === null ? {} : { target }),
      ...(refusedFor === null
        ? {}
        : { code: refusedFor, agent: findUserAgent(request.rawHeaders) ?? undefined }),
      ...(response.writableFinished ? {} : { aborted: true }),
    },
    'rest',
  )
}

/** A refusal, with the operation in place of its address; and the key that called. */
function noteCall({ events }: CoreContext, call: InFlight, operation: string): void {
  const { admitted, exchange, refusedFor } = call
  const { clientIp: address, request } = exchange
  const keyId = admitted?.keyId ?? null
  const from = { address, agent: findUserAgent(request.rawHeaders) }
  if (keyId !== null) events.noteKey(keyId, from)
  if (refusedFor === null) return
  const what = { kind: 'request.refused', code: refusedFor, target: operation } as const
  events.note({ ...what, ...from, keyId, linkId: null, path: '', referrer: null, bytes: 0 })
}

/** A person typed an address, or followed one: programs send a key, or ask for no page. */
function isVisit({ method, headers }: IncomingMessage): boolean {
  const { accept = '', authorization } = headers
  return method === 'GET' && authorization === undefined && accept.includes('text/html')
}

async function sendProblem(
  { core }: RestContext,
  call: InFlight,
  error: unknown,
  reply: FastifyReply,
): Promise<void> {
  const problem = toProblem(error, core.publicUrl)
  const { requestId } = call.exchange
  call.refusedFor = problem.code
  if (problem.status >= 500) {
    core.log.error({ err: error, requestId, code: problem.code }, 'request failed')
  }
  reply.code(problem.status).headers({ ...HEADERS, ...problemHeaders(error, problem) })
  if (isVisit(call.exchange.request)) {
    await reply
      .header('content-security-policy', DOCS_STYLE.contentSecurityPolicy)
      .type('text/html; charset=utf-8')
      .send(renderErrorDocs(problem.code))
    return
  }
  await reply.type(PROBLEM_TYPE).serializer(JSON.stringify).send(problem)
}
