/**
 * The names, keywords and limits of Signature Version 4 as S3 uses it, and of its query form in particular.
 *
 * @module
 */
import type { V4Scheme } from '../../lib/v4.ts'
import type { V4QueryNames } from '../../lib/v4-query.ts'
import { v4QueryNames } from '../../lib/v4-query.ts'

/** Amazon's names for what the V4 schemes share. */
export const S3_SCHEME: V4Scheme = {
  keyPrefix: 'AWS4',
  terminal: 'aws4_request',
  parameterPrefix: 'X-Amz-',
  headerPrefix: 'x-amz-',
}

export const ALGORITHM_HMAC = 'AWS4-HMAC-SHA256'
/** Signature Version 4A: an asymmetric signature that counts in several regions. */
export const ALGORITHM_ECDSA = 'AWS4-ECDSA-P256-SHA256'

/** [SIGV4-QUERY] The parameters every presigned URL has. */
export const QUERY_NAMES: V4QueryNames = /* @__PURE__ */ v4QueryNames(S3_SCHEME)

/** [SIGV4-QUERY] A presigned URL lives from one second to a week. */
export const MAX_EXPIRES_SECONDS = 604_800

/** [SIGV4-HEADER] How far the clocks of the two sides may differ, each way. */
export const MAX_SKEW_SECONDS = 900

/** The body is not covered. What a presigned URL signs unless told otherwise. */
export const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD'

/** [SIGV4-STREAMING] [SIGV4-TRAILERS] The keywords for bodies in `aws-chunked` framing. */
export const STREAMING_KEYWORDS = {
  signed: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  signedTrailer: 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  unsignedTrailer: 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  ecdsaSigned: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  ecdsaSignedTrailer: 'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER',
} as const

/** SHA-256 of nothing. */
export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** True for 64 lower-case hex digits: an HMAC signature or a SHA-256. */
export function isHexDigest(text: string): boolean {
  return text.length === 64 && HEX.test(text)
}

const HEX = /^[0-9a-f]*$/
