/**
 * Makes S3 presigned URLs [SIGV4-QUERY]. What is emitted is exactly what was signed: the query of the URL is the
 * canonical one, so no client has to sort or encode it the same way again.
 *
 * @module
 */
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import { checkOptions } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { hashHex } from '../../lib/hash.ts'
import { encodeText, percentEncode } from '../../lib/percent-encode.ts'
import { sha256 } from '../../lib/sha256.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import { encodeToken, endOfLife } from './credentials.ts'
import { expandNamedOptions } from './named-options.ts'
import { MAX_EXPIRES_SECONDS } from './params.ts'
import type { PresignS3Options, S3PresignRequest } from './presign-parts.ts'
import {
  canonicalisePresign,
  checkMethod,
  formatUrl,
  locateForUrl,
  REQUEST_OPTIONS,
} from './presign-parts.ts'
import type { S3SignerState } from './signer-state.ts'
import { createSignerState, SIGNER_OPTIONS } from './signer-state.ts'
import { momentOf } from './signing-moment.ts'

/** Of a request, and of its signer. */
const KNOWN: OptionTable<PresignS3Options> = { ...SIGNER_OPTIONS, ...REQUEST_OPTIONS }

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
  checkOptions(options, KNOWN)
  return presignWith(createSignerState(options), options)
}

/** A presigned URL by a signer, of options that are checked. */
export function presignWith(state: S3SignerState, asked: S3PresignRequest): PresignedRequest {
  checkMethod(asked)
  const request = expandNamedOptions(asked)
  const { method, regionSet } = request
  const nowMs = resolveNowMs(request.now ?? state.clock)
  const lifeSeconds = resolveLifeSeconds(request, nowMs, MAX_EXPIRES_SECONDS)
  const { credentials, service } = state
  const second = Math.floor(nowMs / 1000)
  const expiresAt = endOfLife(credentials, nowMs, second + lifeSeconds)
  const moment =
    regionSet === undefined
      ? state.momentAt(second)
      : momentOf(credentials, state.multiRegionSignerOf, second)
  const location = locateForUrl(state.locate, request)
  const regions =
    regionSet === undefined
      ? ''
      : `&X-Amz-Region-Set=${encodeText(percentEncode, regionSet, 'regionSet')}`
  const prefix = `${moment.queryUpToExpires}${lifeSeconds}${regions}${encodeToken(credentials)}&X-Amz-SignedHeaders=`
  const { canonicalRequest, headers, query } = canonicalisePresign(
    request,
    location,
    service,
    prefix,
  )
  const signature = moment.sign(moment.timestamp, hashHex(sha256, canonicalRequest))
  return { url: formatUrl(location, query, signature), method, headers, expiresAt }
}
