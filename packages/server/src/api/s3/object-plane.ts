/**
 * The object plane, straight from node:http: path, signature, route, right, operation, answer. Whatever is thrown on the way
 * becomes an answer here; what nobody foresaw is logged once and says nothing about itself.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createFormAuthenticator } from '../../auth/authenticate-form.ts'
import { createS3Authenticator } from '../../auth/authenticate-s3.ts'
import { parseRawObjectPath } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { isDomainError } from '../../core/errors.ts'
import { captureRequest, peerAddress } from '../../http/capture-request.ts'
import type { CapturedRequest } from '../../http/capture-request.ts'
import type { ClientAddresses } from '../../http/client-addresses.ts'
import { findHeader } from '../../http/raw-headers.ts'
import type { Metrics } from '../../platform/metrics.ts'
import { createAccessLog } from './access-log.ts'
import type { AccessLog } from './access-log.ts'
import { followAnswer, watchAnswer } from './answers/follow-answer.ts'
import { sendAnswer } from './answers/send-answer.ts'
import { renderSiteFile } from './answers/site-files.ts'
import { renderWelcome } from './answers/welcome.ts'
import { requireExpectedOwner } from './bucket-owner.ts'
import { findBucketRules, shareByRules } from './bucket-cors.ts'
import type { Rules } from './bucket-cors.ts'
import type { Cors } from './cors.ts'
import { findPageFacts, findRequestFacts } from './errors/find-page-facts.ts'
import { codeOf, isUnforeseen, isVisit, renderError } from './errors/render-error.ts'
import { S3Refusal, s3Refusal } from './errors/s3-refusal.ts'
import type { Exchange } from './exchange.ts'
import type { S3Answer, S3Face, S3Request } from './face.ts'
import { noteUse } from './note-use.ts'
import { renderPreflight } from './preflight.ts'
import { findRoute } from './routes.ts'
import type { S3Route } from './routes.ts'
import { withPostForm } from './uploads/post-form.ts'
import { parseUnsignedQuery } from './unsigned-query.ts'

export interface ObjectPlaneOptions {
  readonly face: Omit<S3Face, 'authenticate' | 'wasSigned' | 'authenticateForm'>
  readonly scheme: 'http' | 'https'
  readonly clients: ClientAddresses
  readonly nextRequestId: () => string
  readonly isStopping: () => boolean
  readonly metrics: Metrics | null
  readonly cors: Cors
}

/**
 * `bucketOfHost` is the bucket that the Host names, in virtual-host style; `null` in path style. `refusal` is answered before
 * anything is looked at. Resolves once nothing of the request is under way any more; never rejects.
 */
export type HandleObject = (
  request: IncomingMessage,
  response: ServerResponse,
  call: {
    readonly expectsContinue: boolean
    readonly bucketOfHost: string | null
    readonly refusal: Error | null
  },
) => Promise<void>

export function createObjectPlane(options: ObjectPlaneOptions): HandleObject {
  const { scheme, clients, nextRequestId, isStopping, cors } = options
  const { core } = options.face
  const face: S3Face = {
    ...options.face,
    ...createS3Authenticator(core),
    authenticateForm: createFormAuthenticator(core),
  }
  const log = createAccessLog(core.log, options.metrics)

  async function serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    call: Parameters<HandleObject>[2],
  ): Promise<void> {
    const { expectsContinue, bucketOfHost, refusal } = call
    const raw = captureRequest(incoming, { scheme, clientIp: clients.find(incoming) })
    const exchange: Exchange = {
      raw,
      requestId: nextRequestId(),
      startedAt: face.core.clock.now(),
      request: null,
      path: null,
      operation: null,
      refusedFor: null,
      wasSigned: false,
      missingFeature: null,
    }
    const source = { request: incoming, response, expectsContinue }
    let answer: S3Answer
    try {
      answer = await answerRequest(face, exchange, {
        source,
        cors,
        bucketOfHost,
        refusal,
        metrics: options.metrics,
      })
    } catch (error) {
      answer = await refuse(face, exchange, error)
    }
    cors.share(answer, raw)
    const found = findRulesFor(face, { answer, raw, bucket: exchange.path?.bucket ?? '', cors })
    const rules = found instanceof Promise ? await found : found
    if (rules !== null) shareByRules(answer, raw, rules)
    if (isStopping()) response.shouldKeepAlive = false
    await finish(face, exchange, { incoming, response, answer, log })
  }

  return serve
}

interface Shared {
  readonly answer: S3Answer
  readonly raw: CapturedRequest
  readonly bucket: string
  readonly cors: Cors
}

/**
 * By what rules of the bucket pages of other origins may read the answer, where the operator does not let them anyway. A refusal that
 * no page asks for is not worth a look at the bucket.
 */
function findRulesFor(face: S3Face, { answer, raw, bucket, cors }: Shared): Rules | Promise<Rules> {
  const isAsked = answer.status < 400 || findHeader(raw.headers, 'origin') !== null
  return isAsked && !cors.allows(raw) ? findBucketRules(face.core, bucket) : null
}

const UNSIGNED: S3Request['payload'] = { kind: 'unsigned' }

interface Call {
  readonly source: S3Request['source']
  readonly bucketOfHost: string | null
  readonly refusal: Error | null
  readonly cors: Cors
  readonly metrics: Metrics | null
}

async function answerRequest(face: S3Face, exchange: Exchange, call: Call): Promise<S3Answer> {
  const { raw, requestId } = exchange
  if (call.refusal !== null) throw call.refusal
  // Browsers send preflights without credentials: there is nobody to authenticate.
  if (raw.method === 'OPTIONS') {
    exchange.path = tryPath(raw.target, call.bucketOfHost)
    const findRules = async () => findBucketRules(face.core, exchange.path?.bucket ?? '')
    return renderPreflight({ raw, requestId, cors: call.cors, findRules })
  }
  const path = parsePath(raw.target, call.bucketOfHost)
  exchange.path = path
  const authenticating = face.authenticate(raw)
  const identity = authenticating instanceof Promise ? await authenticating : authenticating
  const request: S3Request = {
    raw,
    requestId,
    path,
    caller: identity.caller,
    query: identity.verified?.query.pairs ?? parseUnsignedQuery(raw.target),
    payload: identity.verified?.payload ?? UNSIGNED,
    source: call.source,
  }
  exchange.request = request
  const page = path.key === '' && call.bucketOfHost === null ? renderSite(request) : null
  if (page !== null) return page
  const route = findRoute(request)
  exchange.operation = route.name
  requireExpectedOwner(request)
  requireReadableBody(route, request)
  const ended = bringsFile(route) ? call.metrics?.beginUpload() : undefined
  try {
    return await serveRoute(face, exchange, { route, request })
  } finally {
    ended?.()
  }
}

function bringsFile({ body }: S3Route): boolean {
  return body === 'stream' || body === 'form'
}

interface Routed {
  readonly route: S3Route
  readonly request: S3Request
}

/** A form says who asks and for what only once its fields have been read. */
function serveRoute(
  face: S3Face,
  exchange: Exchange,
  { route, request }: Routed,
): Promise<S3Answer> {
  if (route.body !== 'form') return route.serve(face, request)
  return withPostForm(face, request, (form) => {
    exchange.request = form
    exchange.path = form.path
    return route.serve(face, form)
  })
}

/** What the server itself has at the top, for browsers and robots. */
function renderSite(request: S3Request): S3Answer | null {
  return request.path.bucket === '' ? renderWelcome(request) : renderSiteFile(request)
}

function parsePath(target: string, bucketOfHost: string | null): ObjectPath {
  const mark = target.indexOf('?')
  const rawPath = mark === -1 ? target : target.slice(0, mark)
  return parseRawObjectPath(bucketOfHost === null ? rawPath : `/${bucketOfHost}${rawPath}`)
}

/** Of a preflight, which asks about any path. */
function tryPath(target: string, bucketOfHost: string | null): ObjectPath | null {
  try {
    return parsePath(target, bucketOfHost)
  } catch (error) {
    if (isDomainError(error)) return null
    throw error
  }
}

/** Chunked framing is only undone where a file is stored: elsewhere its signatures would go unchecked. */
function requireReadableBody({ body }: S3Route, { payload }: S3Request): void {
  if (body === 'stream' || payload.kind !== 'streaming') return
  throw s3Refusal('digest-invalid', { check: 'x-amz-content-sha256' })
}

async function refuse(face: S3Face, exchange: Exchange, error: unknown): Promise<S3Answer> {
  const { raw, requestId, path } = exchange
  exchange.refusedFor = codeOf(error)
  if (error instanceof S3Refusal && 'feature' in error.details) {
    exchange.missingFeature = error.details.feature
  }
  if (isUnforeseen(error)) logFailure(face, exchange, error)
  exchange.wasSigned = await face.wasSigned(raw, error)
  const refused = { raw, requestId, path, nowMs: face.core.clock.now() }
  const findFacts = isVisit(raw) ? findPageFacts : findRequestFacts
  return renderError(error, { ...refused, facts: await findFacts(face, { raw, path, error }) })
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
  const { follower } = answer
  const followed =
    follower === undefined
      ? null
      : followAnswer(face, answer, {
          follower,
          incoming,
          response,
          isForwarded: exchange.raw.clientIp !== peerAddress(incoming.socket),
        })
  let sent = true
  try {
    const recipient = { incoming, response, requestId: exchange.requestId }
    const beginning = followed === null ? null : followed.begin()
    if (beginning !== null) await beginning
    const sending = sendAnswer(face, recipient, followed?.answer ?? answer)
    const { takesTime } = answer
    if (takesTime !== undefined && (sending !== null || response.writableLength > 0)) {
      watchAnswer(takesTime(), { incoming, response })
    }
    if (sending !== null) await sending
  } catch (error) {
    sent = false
    // Half a body must never look like a whole one.
    response.destroy()
    if (isUnforeseen(error)) logFailure(face, exchange, error)
  }
  log(exchange, answer, { nowMs: face.core.clock.now(), sent })
  noteUse(face.core, exchange, { answer, sent })
  if (followed !== null) await followed.end()
}

function logFailure(face: S3Face, { requestId, path }: Exchange, error: unknown): void {
  face.core.log.error(
    { err: error, requestId, bucket: path?.bucket, key: path?.key },
    'request failed',
  )
}
