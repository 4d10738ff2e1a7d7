/**
 * The object plane, straight from node:http: path, signature, route, operation, answer. Whatever is thrown on the way
 * becomes an answer here; what nobody foresaw is logged once and says nothing about itself.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticateS3 } from '../../auth/authenticate-s3.ts'
import { DomainError } from '../../core/errors.ts'
import { parseRawObjectPath } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { captureRequest } from '../../http/capture-request.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createAccessLog } from './access-log.ts'
import type { AccessLog } from './access-log.ts'
import type { Cors } from './cors.ts'
import type { Exchange } from './exchange.ts'
import type { S3Answer, S3Face, S3Request } from './face.ts'
import { renderPreflight } from './preflight.ts'
import { isUnforeseen, renderError } from './render-error.ts'
import { parseUnsignedQuery } from './unsigned-query.ts'
import { findRoute } from './routes.ts'
import type { S3Level, S3Route } from './routes.ts'
import { sendAnswer } from './send-answer.ts'
import { renderWelcome } from './welcome.ts'

export interface ObjectPlaneOptions {
  readonly face: S3Face
  readonly scheme: 'http' | 'https'
  readonly nextRequestId: () => string
  readonly isStopping: () => boolean
  readonly metrics: Metrics | null
  /** `null`: pages of other origins are told nothing. */
  readonly cors: Cors | null
}

/**
 * `bucketOfHost` is the bucket that the Host names, in virtual-host style; `null` in path style. Resolves once nothing of the
 * request is under way any more; never rejects.
 */
export type HandleObject = (
  request: IncomingMessage,
  response: ServerResponse,
  call: { readonly expectsContinue: boolean; readonly bucketOfHost: string | null },
) => Promise<void>

export function createObjectPlane(options: ObjectPlaneOptions): HandleObject {
  const { face, scheme, nextRequestId, isStopping, cors } = options
  const log = createAccessLog(face.core.log, options.metrics)

  async function serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    call: Parameters<HandleObject>[2],
  ): Promise<void> {
    const { expectsContinue, bucketOfHost } = call
    const raw = captureRequest(incoming, scheme)
    const exchange: Exchange = {
      raw,
      requestId: nextRequestId(),
      startedAt: face.core.clock.now(),
      request: null,
      path: null,
      operation: null,
    }
    const source = { request: incoming, response, expectsContinue }
    let answer: S3Answer
    try {
      answer = await answerRequest(face, exchange, { source, cors, bucketOfHost })
    } catch (error) {
      if (isUnforeseen(error)) logFailure(face, exchange, error)
      answer = renderError(error, raw, exchange.requestId)
    }
    if (cors !== null) cors.share(answer, raw)
    if (isStopping()) response.shouldKeepAlive = false
    await finish(face, exchange, { incoming, response, answer, log })
  }

  return serve
}

const UNSIGNED: S3Request['payload'] = { kind: 'unsigned' }

interface Call {
  readonly source: S3Request['source']
  readonly bucketOfHost: string | null
  readonly cors: Cors | null
}

async function answerRequest(face: S3Face, exchange: Exchange, call: Call): Promise<S3Answer> {
  const { raw, requestId } = exchange
  // Browsers send preflights without credentials: there is nobody to authenticate.
  if (raw.method === 'OPTIONS') return renderPreflight(raw, requestId, call.cors)
  const path = parsePath(raw.target, call.bucketOfHost)
  exchange.path = path
  const level: S3Level = path.bucket === '' ? 'service' : path.key === '' ? 'bucket' : 'object'
  const identity = await authenticateS3(face.core, raw)
  const request: S3Request = {
    raw,
    requestId,
    bucket: path.bucket,
    key: path.key,
    caller: identity.caller,
    query: identity.verified?.query.pairs ?? parseUnsignedQuery(raw.target),
    payload: identity.verified?.payload ?? UNSIGNED,
    source: call.source,
  }
  exchange.request = request
  if (level === 'service') {
    const welcome = renderWelcome(request)
    if (welcome !== null) return welcome
  }
  const route = findRoute(level, raw.method, request.query)
  exchange.operation = route.operation
  requireOneBody(route, request)
  return route.handle(face, request)
}

function parsePath(target: string, bucketOfHost: string | null): ObjectPath {
  const mark = target.indexOf('?')
  const rawPath = mark === -1 ? target : target.slice(0, mark)
  return parseRawObjectPath(bucketOfHost === null ? rawPath : `/${bucketOfHost}${rawPath}`)
}

/** Chunked framing is only undone where a body is stored: elsewhere its signatures would go unchecked. */
function requireOneBody(route: S3Route, { payload }: S3Request): void {
  if (route.takesStream || payload.kind !== 'streaming') return
  const check = 'x-amz-content-sha256'
  throw new DomainError('digest-invalid', `${route.operation} takes no ${check} of this kind.`, {
    check,
  })
}

interface Ending {
  readonly incoming: IncomingMessage
  readonly response: ServerResponse
  readonly answer: S3Answer
  readonly log: AccessLog
}

/** Small answers are handed over at once; only bodies that are read from the store have to be waited for. */
async function finish(face: S3Face, exchange: Exchange, ending: Ending): Promise<void> {
  const { incoming, response, answer, log } = ending
  let sent = true
  try {
    const recipient = { incoming, response, requestId: exchange.requestId }
    const sending = sendAnswer(face, recipient, answer)
    if (sending !== null) await sending
  } catch (error) {
    sent = false
    // Half a body must never look like a whole one.
    response.destroy()
    if (isUnforeseen(error)) logFailure(face, exchange, error)
  }
  log(exchange, answer, { nowMs: face.core.clock.now(), sent })
}

function logFailure(face: S3Face, { requestId, path }: Exchange, error: unknown): void {
  face.core.log.error(
    { err: error, requestId, bucket: path?.bucket, key: path?.key },
    'request failed',
  )
}
