/**
 * The REST face: Fastify as router and validator behind app.ts. Every route of the table is registered the same way:
 * who calls is settled before anything of the body is read, what is asked is checked against the schemas, and
 * whatever is thrown becomes a problem document.
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { authenticateToken } from '../../auth/authenticate-token.ts'
import { requireAdmin } from '../../core/access.ts'
import type { Principal } from '../../core/identity.ts'
import type { CallContext, OpenApiDocument, RestContext, RestExchange } from './context.ts'
import { createDocuments } from './docs/documents.ts'
import { registerDocument } from './docs/register-document.ts'
import { readJsonBody } from './json-body.ts'
import type { Operation, RestCall } from './operation.ts'
import { convertQuery } from './query-text.ts'
import { PROBLEM_TYPE, problemHeaders, toProblem } from './render-error.ts'
import { createRouter, rawPathOf, toRouteSchema, toRouterPath } from './router.ts'
import { ROUTES } from './routes.ts'

export interface RestApi {
  /** Answers the exchange in full. Resolves once nothing of it is under way any more; never rejects. */
  handle(exchange: RestExchange): Promise<void>
  close(): Promise<void>
}

/** A request under way: what app.ts gave, and what was found out since. */
interface InFlight {
  readonly exchange: RestExchange
  readonly startedAt: number
  operation: Operation | null
  readonly aborted: AbortController
  principal: Principal | null
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
  const inFlight = new WeakMap<object, InFlight>()
  const find = (request: FastifyRequest): InFlight => {
    const found = inFlight.get(request.raw)
    if (found === undefined) throw new Error('The request did not come through handle().')
    return found
  }
  const router = createRouter((request, reply, error) =>
    sendProblem(context, find(request).exchange.requestId, error, reply),
  )
  await registerDocument(router, context)
  const callContext: CallContext = {
    ...context,
    documents: createDocuments(() => router.swagger() as unknown as OpenApiDocument),
  }
  for (const operation of ROUTES) router.route(toRoute(operation, callContext, find))
  await router.ready()

  return {
    handle: (exchange) => {
      const aborted = new AbortController()
      const startedAt = context.core.clock.now()
      const call: InFlight = {
        exchange,
        startedAt,
        aborted,
        operation: null,
        principal: null,
        work: null,
      }
      const over = Promise.withResolvers<void>()
      inFlight.set(exchange.request, call)
      exchange.response.once('close', () => {
        if (!exchange.response.writableFinished) aborted.abort()
        record(context, call)
        const work = call.work ?? Promise.resolve()
        work.then(
          () => over.resolve(),
          () => over.resolve(),
        )
      })
      router.routing(exchange.request, exchange.response)
      return over.promise
    },
    close: () => router.close(),
  }
}

function toRoute(
  operation: Operation,
  context: CallContext,
  find: (request: FastifyRequest) => InFlight,
): RouteOptions {
  return {
    method: operation.method,
    url: toRouterPath(operation),
    config: { operation },
    schema: toRouteSchema(operation),
    onRequest: async (request) => {
      const call = find(request)
      call.operation = operation
      call.principal = await admit(context, operation, call.exchange)
    },
    preValidation: async (request) => {
      if (operation.query !== null) {
        request.query = convertQuery(request.query as Record<string, unknown>, operation.query)
      }
      if (operation.bodyKind !== 'json') return
      const { readBody } = find(request).exchange
      request.body = await readJsonBody(request.headers['content-type'], readBody)
    },
    handler: async (request, reply) => {
      const call = find(request)
      const work = operation.handle(toCall(request, context, call))
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

/** Who calls; throws before a byte of the body is read. `null` only where anybody may. */
async function admit(
  { core }: RestContext,
  { access }: Operation,
  { request, clientIp }: RestExchange,
): Promise<Principal | null> {
  if (access === 'anyone') return null
  const principal = await authenticateToken(core, request.headers.authorization, clientIp)
  if (access === 'admin') requireAdmin(principal)
  return principal
}

function toCall(
  request: FastifyRequest,
  context: CallContext,
  { exchange, aborted, principal }: InFlight,
): RestCall<unknown, unknown, unknown> {
  return {
    core: context.core,
    context,
    // Operations open to anybody have no use for a principal; any other has one by now.
    principal: principal as Principal,
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
  const { exchange, startedAt, operation, principal } = call
  const { request, response, requestId, clientIp } = exchange
  const ms = core.clock.now() - startedAt
  const status = response.statusCode
  const name = operation?.id ?? 'none'
  metrics.observeRequest({ plane: 'rest', operation: name, status, seconds: ms / 1000 })
  const level = operation?.tag === 'Service' ? 'debug' : 'info'
  core.log[level](
    {
      requestId,
      method: request.method,
      operation: name,
      status,
      ms,
      ip: clientIp,
      ...(principal === null ? {} : { keyId: principal.id }),
      ...(response.writableFinished ? {} : { aborted: true }),
    },
    'rest',
  )
}

async function sendProblem(
  { core }: RestContext,
  requestId: string,
  error: unknown,
  reply: FastifyReply,
): Promise<void> {
  const problem = toProblem(error, core.publicUrl)
  if (problem.status >= 500) {
    core.log.error({ err: error, requestId, code: problem.code }, 'request failed')
  }
  await reply
    .code(problem.status)
    .headers({ ...HEADERS, ...problemHeaders(error, problem) })
    .type(PROBLEM_TYPE)
    .serializer(JSON.stringify)
    .send(problem)
}
