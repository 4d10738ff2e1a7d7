/** Fastify, set up to read nothing by itself, and the translation of the route table for it. */
import fastify from 'fastify'
import type {
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  FastifyServerOptions,
  RouteOptions,
} from 'fastify'
import { refusal } from '../../core/errors.ts'
import type { DomainError } from '../../core/errors.ts'
import { RestError } from './errors.ts'
import type { Operation } from './operation.ts'
import { parseQueryText } from './query-text.ts'
import { ROUTES } from './routes.ts'

export type Refuse = (request: FastifyRequest, reply: FastifyReply, error: unknown) => Promise<void>

/** A router whose every refusal, its own included, goes through `refuse`. */
export function createRouter(refuse: Refuse): FastifyInstance {
  const router = fastify({
    logger: false,
    routerOptions: {
      maxParamLength: 2048,
      querystringParser: parseQueryText,
      constraints: { end: END_OF_PATH },
    },
    ajv: { customOptions: { coerceTypes: false, useDefaults: false, removeAdditional: false } },
    frameworkErrors: (_error, request, reply) => {
      void refuse(request, reply, badPath())
    },
  })
  // Bodies are read by the operations, at their own pace and within their own limits.
  router.removeAllContentTypeParsers()
  router.addContentTypeParser('*', (_request, _payload, done) => done(null))
  router.setErrorHandler(async (error, request, reply) => refuse(request, reply, error))
  router.setNotFoundHandler(async (request, reply) => refuse(request, reply, notFound(request)))
  return router
}

export function toRouterPath({ path, takesRest }: Operation): string {
  return takesRest === true ? path.replace(REST, '*') : path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Of operations that share the rest of a path, the one whose own end it has. */
export function toRouteConstraints(operation: Operation): Pick<RouteOptions, 'constraints'> {
  const end = endOf(operation)
  return end === '' ? {} : { constraints: { end } }
}

const REST = /\{\w+\}([^{}]*)$/

function endOf({ path, takesRest }: Operation): string {
  return takesRest === true ? (REST.exec(path)?.[1] ?? '') : ''
}

type Strategy = NonNullable<
  NonNullable<FastifyServerOptions['routerOptions']>['constraints']
>[string]
type Handler = Parameters<ReturnType<Strategy['storage']>['set']>[1]

/** A path with a slash behind it has none of these ends: so is a folder named whose name is one. */
const END_OF_PATH: Strategy = {
  name: 'end',
  storage: () => {
    const handlers = new Map<string, Handler>()
    return {
      get: (end) => handlers.get(end) ?? null,
      set: (end, handler) => void handlers.set(end, handler),
    }
  },
  deriveConstraint: ({ url = '' }) => {
    const path = url.split('?', 1)[0] ?? ''
    const ending = ROUTES.find((route) => endOf(route) !== '' && toPattern(route).test(path))
    return ending === undefined ? '' : endOf(ending)
  },
}

/** The path as sent, without its query. */
export function rawPathOf({ raw }: FastifyRequest): string {
  return (raw.url ?? '').split('?', 1)[0] ?? ''
}

function badPath(): DomainError {
  const reason = 'an escape is broken, or a segment is too long'
  return refusal('path-invalid', { reason })
}

/** 405 where the path exists for other methods, else 404. */
function notFound(request: FastifyRequest): Error {
  const path = rawPathOf(request)
  const allowed = ROUTES.filter((route) => toPattern(route).test(path)).map(({ method }) => method)
  if (allowed.length === 0) {
    return new RestError('route-not-found', 'There is nothing at this address.')
  }
  const method = request.raw.method ?? ''
  return refusal('method-not-allowed', { method, allowed })
}

function toPattern({ path, takesRest }: Operation): RegExp {
  const segment = takesRest === true ? '.+' : '[^/]+'
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, segment)}$`)
}
