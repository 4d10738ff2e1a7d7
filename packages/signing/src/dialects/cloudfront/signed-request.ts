/**
 * Finds policy, signature and key id in a raw request, and the URL they are about.
 *
 * @module
 */

import { requireHost, singleCookie } from '../../lib/raw-headers.ts'
import { decodeQueryText, parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import type { RawRequest } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type {
  CloudFrontHashAlgorithm,
  CloudFrontParameter,
  CloudFrontParameters,
} from './params.ts'
import { CLOUDFRONT_PARAMETERS, decodeCloudFrontBase64, readHashAlgorithm } from './params.ts'

/** A request whose parameters have the right form. None of it is verified. */
export interface SignedRequest {
  /** Scheme, host, path and the caller's own query, as sent. */
  readonly url: string
  readonly keyPairId: string
  readonly signature: Uint8Array
  /** The decoded policy; `null` for a canned one. */
  readonly policyText: string | null
  /** Epoch seconds of a canned policy, as text. */
  readonly expires: string | null
  hashAlgorithm(allowed: readonly CloudFrontHashAlgorithm[]): CloudFrontHashAlgorithm
}

/** The parameters in the query. */
export function readUrlRequest(request: RawRequest): SignedRequest {
  const { parameters, url } = splitUrl(request)
  return toSignedRequest(parameters, url, '')
}

/** The parameters in the cookies. */
export function readCookieRequest(request: RawRequest): SignedRequest {
  const { parameters: inQuery, url } = splitUrl(request)
  if (CLOUDFRONT_PARAMETERS.some((name) => inQuery[name] !== null)) {
    throw new SigningError(
      'credentials-ambiguous',
      'CloudFront parameters came in cookies and query',
      {
        found: ['query', 'cookie'],
      },
    )
  }
  const parameters = emptyParameters()
  for (const name of CLOUDFRONT_PARAMETERS) {
    parameters[name] = singleCookie(request.headers, `CloudFront-${name}`)
  }
  return toSignedRequest(parameters, url, 'CloudFront-')
}

/**
 * The query without CloudFront's parameters, as sent and in order, and those parameters.
 *
 * A name in disguise (`%45xpires`) is refused: one reader would take it for the parameter, another for the caller's.
 */
function splitUrl(request: RawRequest): { parameters: CloudFrontParameters; url: string } {
  const { path, query } = splitTarget(request.target)
  const origin = `${request.scheme ?? 'https'}://${requireHost(request)}`
  const parameters = emptyParameters()
  if (query === null) return { parameters, url: origin + path }
  if (parseRawQuery(query) === null) throw malformed('query', 'expected escapes of UTF-8 text')
  const rest: string[] = []
  for (const piece of query.split('&')) {
    const equals = piece.indexOf('=')
    const rawName = equals === -1 ? piece : piece.slice(0, equals)
    const name = CLOUDFRONT_PARAMETERS.find((known) => known === decodeQueryText(rawName))
    if (name === undefined) {
      rest.push(piece)
      continue
    }
    if (rawName !== name) throw malformed(name, 'expected the name without escapes')
    if (parameters[name] !== null) {
      throw new SigningError('parameter-duplicate', `${name} came more than once`, {
        parameter: name,
      })
    }
    parameters[name] = equals === -1 ? '' : (decodeQueryText(piece.slice(equals + 1)) ?? '')
  }
  return { parameters, url: origin + path + (rest.length === 0 ? '' : `?${rest.join('&')}`) }
}

function emptyParameters(): Record<CloudFrontParameter, string | null> {
  return {
    Expires: null,
    Policy: null,
    Signature: null,
    'Key-Pair-Id': null,
    'Hash-Algorithm': null,
  }
}

function toSignedRequest(
  parameters: CloudFrontParameters,
  url: string,
  prefix: string,
): SignedRequest {
  const { Expires: expires, Policy: policy, Signature: signature } = parameters
  const keyPairId = parameters['Key-Pair-Id']
  if (CLOUDFRONT_PARAMETERS.every((name) => parameters[name] === null)) {
    throw new SigningError('signature-missing', 'the request carries no CloudFront signature', {
      dialect: 'cloudfront',
    })
  }
  if (expires !== null && policy !== null) {
    throw new SigningError('credentials-ambiguous', 'a canned and a custom policy in one request', {
      found: [`${prefix}Expires`, `${prefix}Policy`],
    })
  }
  if (expires === null && policy === null) throw missing(`${prefix}Expires`)
  if (keyPairId === null || keyPairId === '') throw missing(`${prefix}Key-Pair-Id`)
  if (signature === null || signature === '') throw missing(`${prefix}Signature`)
  return {
    url,
    keyPairId,
    signature: decodeSignature(signature, `${prefix}Signature`),
    policyText: policy === null ? null : decodePolicy(policy, `${prefix}Policy`),
    expires,
    hashAlgorithm: (allowed) => readHashAlgorithm(parameters['Hash-Algorithm'], allowed),
  }
}

function decodeSignature(text: string, parameter: string): Uint8Array {
  const bytes = decodeCloudFrontBase64(text)
  // The largest RSA key CloudFront takes makes 256 bytes; a little room does no harm.
  if (bytes === null || bytes.length < 8 || bytes.length > 1024) {
    throw new SigningError('signature-malformed', `${parameter} is not a signature`, { parameter })
  }
  return bytes
}

function decodePolicy(text: string, parameter: string): string {
  const bytes = text.length > 16_384 ? null : decodeCloudFrontBase64(text)
  if (bytes === null) throw malformed(parameter, "expected base64 in CloudFront's alphabet")
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw malformed(parameter, 'expected UTF-8 text')
  }
}

function missing(parameter: string): SigningError<'parameter-missing'> {
  return new SigningError('parameter-missing', `${parameter} is missing`, { parameter })
}

function malformed(parameter: string, reason: string): SigningError<'parameter-malformed'> {
  return new SigningError('parameter-malformed', `${parameter} does not have its form: ${reason}`, {
    parameter,
    reason,
  })
}
