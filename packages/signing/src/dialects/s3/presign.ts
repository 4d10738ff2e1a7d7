/**
 * Makes S3 presigned URLs [SIGV4-QUERY]. What is emitted is exactly what was signed: the query of the URL is the
 * canonical one, so no client has to sort or encode it the same way again.
 *
 * @module
 */
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import { hashHex } from '../../lib/hash.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { sha256 } from '../../lib/sha256.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import type { S3Location } from './endpoint.ts'
import { expandNamedOptions } from './named-options.ts'
import { ALGORITHM_ECDSA, MAX_EXPIRES_SECONDS } from './params.ts'
import type { PresignS3Options, S3PresignRequest } from './presign-parts.ts'
import { canonicalisePresign, checkMethod, NO_HEADERS } from './presign-parts.ts'
import type { S3SignerState } from './signer-state.ts'
import { createSignerSource } from './signer-source.ts'
import { encodeToken, endOfLife, queryUpToExpires } from './signer-state.ts'
import { signSigV4a } from './sigv4a.ts'

/**
 * A presigned URL for one request.
 *
 * Adds nothing to the request that was not asked for: no checksum parameters, no `x-id`.
 * Throws `TypeError` or `RangeError` with the name of an option that cannot be used.
 * Whoever makes more than one URL makes a signer with `createS3Signer`, which is many times as fast.
 *
 * ```ts
 * const { url } = presignS3({
 *   method: 'GET', bucket: 'reports', key: '2026/annual report.pdf', region: 'eu-west-1',
 *   credentials: { accessKeyId, secretAccessKey }, expiresInSeconds: 300,
 * })
 * ```
 */
export function presignS3(options: PresignS3Options): PresignedRequest {
  return presignWith(createSignerSource(options)(options), options)
}

/** A presigned URL by a signer. */
export function presignWith(state: S3SignerState, asked: S3PresignRequest): PresignedRequest {
  const request = expandNamedOptions(asked)
  const { method, regionSet } = request
  checkMethod(method)
  const nowMs = resolveNowMs(request.now ?? state.clock)
  const lifeSeconds = resolveLifeSeconds(request, nowMs, MAX_EXPIRES_SECONDS)
  if (regionSet !== undefined) {
    return presignMultiRegion(state, { ...request, regionSet }, { nowMs, lifeSeconds })
  }
  const moment = state.momentAt(nowMs)
  const location = state.locate(request)
  const parts = moment.presignParts(lifeSeconds, location.host)
  const isPlain =
    request.query === undefined &&
    request.headers === undefined &&
    request.payloadHash === undefined &&
    request.foldPath === undefined
  const { query, canonicalRequest, headers } = isPlain
    ? {
        query: parts.query,
        canonicalRequest: `${method}\n${location.path}${parts.canonicalTail}`,
        headers: NO_HEADERS,
      }
    : canonicalisePresign(request, { location, service: state.service }, parts.queryPrefix)
  const signature = moment.signer.sign(moment.timestamp, hashHex(sha256, canonicalRequest))
  const expiresAt = endOfLife(state, moment.second + lifeSeconds)
  return toRequest({ request, location, query, signature, headers, expiresAt })
}

/** The same with Version 4A, whose region set is one more parameter. */
function presignMultiRegion(
  state: S3SignerState,
  request: S3PresignRequest & { readonly regionSet: string },
  { nowMs, lifeSeconds }: { readonly nowMs: number; readonly lifeSeconds: number },
): PresignedRequest {
  const { regionSet } = request
  const location = state.locate(request)
  const { credential, head, keyPair, second, timestamp } = state.multiRegionAt(nowMs)
  const prefix = `${queryUpToExpires(ALGORITHM_ECDSA, credential, timestamp)}${lifeSeconds}&X-Amz-Region-Set=${percentEncode(regionSet)}${encodeToken(state.credentials)}&X-Amz-SignedHeaders=`
  const place = { location, service: state.service }
  const { canonicalRequest, headers, query } = canonicalisePresign(request, place, prefix)
  const signature = signSigV4a(keyPair, head + hashHex(sha256, canonicalRequest))
  const expiresAt = endOfLife(state, second + lifeSeconds)
  return toRequest({ request, location, query, signature, headers, expiresAt })
}

interface SignedParts {
  readonly request: S3PresignRequest
  readonly location: S3Location
  readonly query: string
  readonly signature: string
  readonly headers: PresignedRequest['headers']
  readonly expiresAt: Date
}

function toRequest(parts: SignedParts): PresignedRequest {
  const { expiresAt, headers, location, query, request, signature } = parts
  return {
    url: `${location.origin}${location.path}?${query}&X-Amz-Signature=${signature}`,
    method: request.method,
    headers,
    expiresAt,
  }
}
