/**
 * Verifies S3 requests, presigned or signed in a header, over the bytes that arrived [SIGV4-QUERY] [SIGV4-HEADER].
 *
 * The order of the checks is Amazon's, so that a server can answer each fault as Amazon does:
 * algorithm, missing parameters, date, life, time, scope, unsigned headers, key, token, signature.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import { decodeQueryText } from '../../lib/raw-target.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import { hasV4Authentication } from '../../lib/v4-query.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import { QUERY_NAMES } from './params.ts'
import { authorizationScheme, isAmazonScheme, refuseAlgorithm } from './read-authorization.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { readS3Headers } from './read-headers.ts'
import { verifyHeaderForm } from './verify-header-form.ts'
import { verifyQueryForm } from './verify-query-form.ts'
import type { S3VerifierState } from './verifier-state.ts'
import { createVerifierState } from './verifier-state.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  S3VerifierOptions,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

/** Verifies request after request. It keeps the keys it derives, until `lookup` gives another secret or none. */
export interface S3Verifier<Key extends S3VerificationKey = S3VerificationKey> {
  /** See {@link verifyS3}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedS3Request<Key>
}

/**
 * A verifier for as long as its rules hold: a server makes one and keeps it.
 *
 * ```ts
 * const verifier = createS3Verifier({ region: 'eu-west-1', lookup: (id) => keys.get(id) ?? null })
 * const { accessKeyId, path } = verifier.verify({
 *   method, target: request.url, headers: request.rawHeaders,
 * })
 * ```
 */
export function createS3Verifier<Key extends S3VerificationKey>(
  options: S3VerifierOptions<Key>,
): S3Verifier<Key> {
  checkOptions(options, VERIFIER_OPTIONS)
  return createVerifierOf(createVerifierState<Key, S3VerifierOptions<Key>>(options))
}

export const VERIFIER_OPTIONS: OptionTable<S3VerifierOptions> = {
  lookup: CALL,
  region: true,
  service: TEXT,
  maxExpiresInSeconds: NUMBER,
  maxSkewSeconds: NUMBER,
  allowSigV4A: FLAG,
  foldPath: FLAG,
  payloadHash: TEXT,
  now: true,
}

/** The verifier of a state. */
export function createVerifierOf<Key extends S3VerificationKey>(
  state: S3VerifierState<Key>,
): S3Verifier<Key> {
  const { now } = state.options
  return {
    verify: (request, facts) => verifyRequest(state, request, resolveCallTime(facts, now)),
  }
}

/**
 * The verified request. Throws `SigningError` for every request that is not exactly as its key's holder signed it,
 * or not in time: see `SigningErrorCode`. Nothing of a request that failed is to be believed.
 *
 * The body is not looked at: compare `payload.sha256`, or decode a streaming body with `createChunkedBodyDecoder`.
 * Whoever verifies more than one request makes a verifier with {@link createS3Verifier}, which is many times as fast.
 *
 * ```ts
 * const { accessKeyId, path } = verifyS3(
 *   { method, target: request.url, headers: request.rawHeaders },
 *   { region: 'eu-west-1', lookup: (id) => keys.get(id) ?? null },
 * )
 * ```
 */
export function verifyS3<Key extends S3VerificationKey>(
  request: RawRequest,
  options: VerifyS3Options<Key>,
): VerifiedS3Request<Key> {
  return createS3Verifier(options).verify(request)
}

function verifyRequest<Key extends S3VerificationKey>(
  state: S3VerifierState<Key>,
  request: RawRequest,
  now: Date,
): VerifiedS3Request<Key> {
  const reading = readRequest(state, request)
  const hasQuery = hasV4Authentication(reading.query)
  const scheme = amazonScheme(reading.headers)
  if (hasQuery && scheme !== null) {
    throw new SigningError('credentials-ambiguous', 'the request is signed in two ways', {
      found: ['query', 'header'],
    })
  }
  if (hasQuery) return verifyQueryForm(reading, state, now)
  if (reading.headers.authorization !== null) return verifyHeaderForm(reading, state, now)
  if (reading.query.pairs.some(([name]) => name.toLowerCase() === VERSION_2_PARAMETER)) {
    refuseAlgorithm('AWS')
  }
  throw new SigningError('signature-missing', 'the request is not signed', { dialect: 's3' })
}

/** How a request claims to be authenticated, without a look at whether it is. */
export type S3Authentication = 'query' | 'header' | 'none'

/**
 * How the request wants to be authenticated. `query` takes precedence, and one of its six parameters is enough,
 * in any case of letters: a request with half a signature is to be refused, never served as anonymous.
 * Authorization headers of other schemes are `none`.
 */
export function hasS3Authentication(
  request: Pick<RawRequest, 'target' | 'headers'>,
): S3Authentication {
  const mark = request.target.indexOf('?')
  if (mark !== -1) {
    // As nearly everybody writes it, without cutting up the rest.
    if (request.target.includes('&X-Amz-Signature=', mark)) return 'query'
    for (const piece of request.target.slice(mark + 1).split('&')) {
      const equals = piece.indexOf('=')
      const name = decodeQueryText(equals === -1 ? piece : piece.slice(0, equals))
      if (name !== null && AUTHENTICATION_NAMES.has(name.toLowerCase())) return 'query'
    }
  }
  return amazonScheme(readS3Headers(request.headers)) === null ? 'none' : 'header'
}

const VERSION_2_PARAMETER = 'awsaccesskeyid'
const AUTHENTICATION_NAMES = new Set([...QUERY_NAMES.lower, VERSION_2_PARAMETER])

function amazonScheme(headers: S3HeaderReading): string | null {
  if (headers.authorization === null) return null
  const scheme = authorizationScheme(headers.authorization)
  return isAmazonScheme(scheme) ? scheme : null
}

function readRequest<Key extends S3VerificationKey>(
  { readQuery, foldHost }: S3VerifierState<Key>,
  request: RawRequest,
): S3RequestReading {
  const { target } = request
  if (!target.startsWith('/') || !target.isWellFormed()) {
    throw new SigningError('parameter-malformed', 'the request target is not a path', {
      parameter: 'target',
      reason: 'expected a path and an optional query',
    })
  }
  const mark = target.indexOf('?')
  return {
    request,
    rawPath: mark === -1 ? target : target.slice(0, mark),
    query: readQuery(mark === -1 ? null : target.slice(mark + 1)),
    headers: readS3Headers(request.headers, foldHost),
  }
}
