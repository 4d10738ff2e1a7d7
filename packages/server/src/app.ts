/**
 * One port, two worlds. Looks at the raw target once: a first segment too short to be a bucket is ours and goes to the
 * REST handler, everything else straight to the object plane (docs/s3-api.md).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RestExchange } from './api/rest/context.ts'
import { createCors } from './api/s3/cors.ts'
import type { AllowedOrigins } from './api/s3/cors.ts'
import { createObjectPlane } from './api/s3/object-plane.ts'
import type { CoreContext } from './core/context.ts'
import { createBufferPool } from './http/buffer-pool.ts'
import { peerAddress } from './http/capture-request.ts'
import { createHttpServer } from './http/create-server.ts'
import type { HttpServer } from './http/create-server.ts'
import { discardBody } from './http/discard-body.ts'
import { HTTP_LIMITS } from './http/limits.ts'
import type { HttpLimits } from './http/limits.ts'
import { findHeader } from './http/raw-headers.ts'
import { readBody } from './http/read-body.ts'
import { createRequestIds } from './http/request-id.ts'
import { bucketOfHost, normalizeDomain } from './http/virtual-host.ts'
import { createWatch } from './http/watch.ts'
import type { Metrics } from './platform/metrics.ts'

export interface AppOptions {
  readonly core: CoreContext
  /** Answers `/v1/…`, `/-/…`, `/s/…`. */
  readonly rest: { handle(exchange: RestExchange): Promise<void> }
  /** Buckets are also `BUCKET.domain`. */
  readonly virtualHostDomain?: string | null
  /** Pages of other origins that may use the object plane; none unless given. */
  readonly corsOrigins?: AllowedOrigins | null
  readonly metrics?: Metrics
  readonly limits?: Partial<HttpLimits>
}

export type App = HttpServer

/** S3 has no bucket name shorter than this, so shorter first segments can never collide with one. */
const MIN_BUCKET_LENGTH = 3
const READ_BUFFER_BYTES: number = 512 * 1024
const READ_BUFFERS_KEPT = 32

export function createApp(options: AppOptions): App {
  const { core, rest, corsOrigins = null } = options
  const limits: HttpLimits = { ...HTTP_LIMITS, ...options.limits }
  const watch = createWatch(core.clock)
  const buffers = createBufferPool(READ_BUFFER_BYTES, READ_BUFFERS_KEPT)
  const domain = normalizeDomain(options.virtualHostDomain ?? null)
  const nextRequestId = createRequestIds(core.random)
  const answerObject = createObjectPlane({
    face: { core, limits, watch, buffers },
    scheme: core.publicUrl.startsWith('https:') ? 'https' : 'http',
    nextRequestId,
    isStopping: () => http.isStopping(),
    metrics: options.metrics ?? null,
    cors: corsOrigins === null ? null : createCors(corsOrigins),
  })

  function answerRest(
    request: IncomingMessage,
    response: ServerResponse,
    waits: boolean,
  ): Promise<void> {
    const source = { request, response, expectsContinue: waits }
    response.once('finish', () => discardBody(request, watch, limits))
    return rest.handle({
      request,
      response,
      requestId: nextRequestId(),
      clientIp: peerAddress(request),
      readBody: () => readBody(source, watch, limits),
    })
  }

  function handle(
    request: IncomingMessage,
    response: ServerResponse,
    waits: boolean,
  ): Promise<void> {
    const host = domain === null ? null : findHeader(request.rawHeaders, 'host')
    const bucket = domain === null ? null : bucketOfHost(host, domain)
    if (bucket === null && isOurs(request.url ?? '')) {
      return answerRest(request, response, waits)
    }
    return answerObject(request, response, { expectsContinue: waits, bucketOfHost: bucket })
  }

  const http = createHttpServer({ limits, watch, handle })
  return http
}

/** True for `/v1/…`, `/-/…`, `/s/…`; `/` alone, `//…` and dot segments are for the object plane to answer or refuse. */
function isOurs(target: string): boolean {
  if (!target.startsWith('/') || target.charCodeAt(1) === DOT) return false
  let end = 1
  while (end < target.length && end <= MIN_BUCKET_LENGTH) {
    const code = target.charCodeAt(end)
    if (code === SLASH || code === QUESTION_MARK) break
    end += 1
  }
  return end > 1 && end - 1 < MIN_BUCKET_LENGTH
}

const DOT = 0x2e
const SLASH = 0x2f
const QUESTION_MARK = 0x3f
