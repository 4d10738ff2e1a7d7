/**
 * The parameters CloudFront reads from a URL or its cookies, and their text form: an alphabet of its own for
 * base64, two names of hashes, epoch seconds up to the end of 32 bits.
 *
 * @module
 */

import { fromBase64, toBase64Url } from '../../lib/bytes.ts'
import type { SignatureHash } from '../../lib/public-key.ts'
import { SigningError } from '../../errors.ts'

/** The names a caller's own query may not use. */
export const CLOUDFRONT_PARAMETERS = [
  'Expires',
  'Policy',
  'Signature',
  'Key-Pair-Id',
  'Hash-Algorithm',
] as const

/** One of the names CloudFront keeps for itself. In cookies `CloudFront-` stands before it. */
export type CloudFrontParameter = (typeof CLOUDFRONT_PARAMETERS)[number]

/** The hash under the signature, as CloudFront spells it. Without the parameter it is SHA-1, for RSA and ECDSA alike. */
export type CloudFrontHashAlgorithm = 'SHA1' | 'SHA256'

/** The hash of a name in {@link CloudFrontHashAlgorithm}. */
export const HASHES: Readonly<Record<CloudFrontHashAlgorithm, SignatureHash>> = {
  SHA1: 'sha1',
  SHA256: 'sha256',
}

/** The last second CloudFront takes: 19 January 2038. */
export const MAX_EPOCH_SECONDS = 2_147_483_647

/** The parameters of one request, as text. `null` stands for a parameter that is not there. */
export type CloudFrontParameters = Readonly<Record<CloudFrontParameter, string | null>>

/**
 * Base64 with `-` for `+`, `_` for `=` and `~` for `/` [CLOUDFRONT-CANNED] creating a signature. It is not base64url,
 * which gives `_` and `~` other meanings.
 */
export function encodeCloudFrontBase64(bytes: Uint8Array): string {
  return toCloudFrontAlphabet(toBase64Url(bytes))
}

/** Base64url without padding in that alphabet, which has padding. */
export function toCloudFrontAlphabet(base64Url: string): string {
  let text = ''
  let start = 0
  let underscore = base64Url.indexOf('_')
  while (underscore !== -1) {
    text += `${base64Url.slice(start, underscore)}~`
    start = underscore + 1
    underscore = base64Url.indexOf('_', start)
  }
  const padding = base64Url.length % 4
  return text + base64Url.slice(start) + (padding === 0 ? '' : padding === 2 ? '__' : '_')
}

/** The bytes behind that alphabet, or `null`. One text for one value: spare bits must be zero. */
export function decodeCloudFrontBase64(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9\-~]*_{0,2}$/.test(text)) return null
  const bytes = fromBase64(text.replaceAll('-', '+').replaceAll('_', '=').replaceAll('~', '/'))
  return bytes !== null && encodeCloudFrontBase64(bytes) === text ? bytes : null
}

/** The hash a request asks for; no parameter means SHA-1. @throws {SigningError} `algorithm-unsupported` */
export function readHashAlgorithm(
  text: string | null,
  allowed: readonly CloudFrontHashAlgorithm[],
): CloudFrontHashAlgorithm {
  const named = text ?? 'SHA1'
  const found = allowed.find((algorithm) => algorithm === named)
  if (found !== undefined) return found
  throw new SigningError(
    'algorithm-unsupported',
    'the hash algorithm is not one of those allowed',
    {
      algorithm: named,
      supported: allowed,
    },
  )
}
