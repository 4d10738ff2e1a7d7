/**
 * Verifies S3 requests, presigned or signed in a header, over the bytes that arrived [SIGV4-QUERY] [SIGV4-HEADER].
 *
 * The order of the checks is Amazon's, so that a server can answer each fault as Amazon does:
 * algorithm, missing parameters, date, life, time, scope, unsigned headers, key, token, signature.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { decodeQueryText } from '../../lib/raw-target.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { RawRequest } from '../../types.ts'
import { QUERY_PARAMETERS } from './params.ts'
import { authorizationScheme, isAmazonScheme, refuseAlgorithm } from './read-authorization.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { readS3Headers } from './read-headers.ts'
import { hasQueryAuthentication, readS3Query } from './read-query.ts'
import { verifyHeaderForm } from './verify-header-form.ts'
import { verifyQueryForm } from './verify-query-form.ts'
import type {
  S3RequestReading,
  S3VerificationKey,
  VerifiedS3Request,
  VerifyS3Options,
} from './verify-types.ts'

/**
 * The verified request. Throws `SigningError` for every request that is not exactly as its key's holder signed it,
 * or not in time: see `SigningErrorCode`. Nothing of a request that failed is to be believed.
 *
 * The body is not looked at: compare `payload.sha256`, or decode a streaming body with `createChunkedBodyDecoder`.
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
  const now = resolveNow(options.now)
  const reading = readRequest(request)
  const hasQuery = hasQueryAuthentication(reading.query)
  const scheme = amazonScheme(reading.headers)
  if (hasQuery && scheme !== null) {
    throw new SigningError('credentials-ambiguous', 'the request is signed in two ways', {
      found: ['query', 'header'],
    })
  }
  if (hasQuery) return verifyQueryForm(reading, options, now)
  if (reading.headers.authorization !== null) return verifyHeaderForm(reading, options, now)
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
    for (const piece of request.target.slice(mark + 1).split('&')) {
      const equals = piece.indexOf('=')
      const name = decodeQueryText(equals === -1 ? piece : piece.slice(0, equals))
      if (name !== null && AUTHENTICATION_NAMES.has(name.toLowerCase())) return 'query'
    }
  }
  return amazonScheme(readS3Headers(request.headers)) === null ? 'none' : 'header'
}

const VERSION_2_PARAMETER = 'awsaccesskeyid'
const AUTHENTICATION_NAMES = new Set([
  ...QUERY_PARAMETERS.map((name) => name.toLowerCase()),
  VERSION_2_PARAMETER,
])

function amazonScheme(headers: S3HeaderReading): string | null {
  if (headers.authorization === null) return null
  const scheme = authorizationScheme(headers.authorization)
  return isAmazonScheme(scheme) ? scheme : null
}

function readRequest(request: RawRequest): S3RequestReading {
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
    query: readS3Query(mark === -1 ? null : target.slice(mark + 1)),
    headers: readS3Headers(request.headers),
  }
}
