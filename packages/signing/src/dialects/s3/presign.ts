/**
 * Makes S3 presigned URLs [SIGV4-QUERY]. What is emitted is exactly what was signed: the query of the URL is the
 * canonical one, so no client has to sort or encode it the same way again.
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import { resolveS3Location } from './endpoint.ts'
import { ALGORITHM_ECDSA } from './params.ts'
import type { PresignS3Options } from './presign-parts.ts'
import { canonicalisePresign, checkExpiry, checkMethod, NO_HEADERS } from './presign-parts.ts'
import { multiRegionScope, signingContext } from './signing-context.ts'
import { signSigV4a } from './sigv4a.ts'

/**
 * A presigned URL for one request.
 *
 * Adds nothing to the request that was not asked for: no checksum parameters, no `x-id`.
 * Throws `TypeError` or `RangeError` with the name of an option that cannot be used.
 *
 * ```ts
 * const { url } = presignS3({
 *   method: 'GET', bucket: 'reports', key: '2026/annual report.pdf', region: 'eu-west-1',
 *   credentials: { accessKeyId, secretAccessKey }, expiresInSeconds: 300,
 * })
 * ```
 */
export function presignS3(options: PresignS3Options): PresignedRequest {
  const { method, expiresInSeconds } = options
  checkMethod(method)
  checkExpiry(expiresInSeconds)
  const now = resolveNow(options.now)
  if (options.regionSet !== undefined) return presignMultiRegion(options, options.regionSet, now)
  const context = signingContext(options, now)
  const location = resolveS3Location(options)
  const { origin, host, path } = location
  const parts = context.presignParts(expiresInSeconds, host)
  const isPlain =
    options.query === undefined &&
    options.headers === undefined &&
    options.payloadHash === undefined &&
    options.foldPath === undefined
  const { query, canonicalRequest, headers } = isPlain
    ? {
        query: parts.query,
        canonicalRequest: `${method}\n${path}${parts.canonicalTail}`,
        headers: NO_HEADERS,
      }
    : canonicalisePresign(options, location, parts.queryPrefix)
  const signature = context.signer.sign(context.timestamp, hashHex('sha256', canonicalRequest))
  return {
    url: `${origin}${path}?${query}&X-Amz-Signature=${signature}`,
    method,
    headers,
    expiresAt: new Date((Math.floor(now.getTime() / 1000) + expiresInSeconds) * 1000),
  }
}

/** The same with Version 4A, whose region set is one more parameter. */
function presignMultiRegion(
  options: PresignS3Options,
  regionSet: string,
  now: Date,
): PresignedRequest {
  const location = resolveS3Location(options)
  const { credential, head, timestamp } = multiRegionScope(options, now)
  const { sessionToken } = options.credentials
  const token =
    sessionToken === undefined ? '' : `&X-Amz-Security-Token=${percentEncode(sessionToken)}`
  const prefix = `X-Amz-Algorithm=${ALGORITHM_ECDSA}&X-Amz-Credential=${percentEncode(credential)}&X-Amz-Date=${timestamp}&X-Amz-Expires=${options.expiresInSeconds}&X-Amz-Region-Set=${percentEncode(regionSet)}${token}&X-Amz-SignedHeaders=`
  const { canonicalRequest, headers, query } = canonicalisePresign(options, location, prefix)
  const signature = signSigV4a(options.credentials, head + hashHex('sha256', canonicalRequest))
  return {
    url: `${location.origin}${location.path}?${query}&X-Amz-Signature=${signature}`,
    method: options.method,
    headers,
    expiresAt: new Date((Math.floor(now.getTime() / 1000) + options.expiresInSeconds) * 1000),
  }
}
