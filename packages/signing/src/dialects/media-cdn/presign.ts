/**
 * Media CDN signed URLs for one file.
 *
 * @module
 */
import { resolveExpiry } from '../../lib/expiry.ts'
import { toPaddedBase64Url } from '../../lib/google-cdn.ts'
import type { PresignedRequest } from '../../types.ts'
import type { MediaCdnSigner } from './params.ts'
import { prepareSigner } from './params.ts'
import type { SigningPlan } from './signature.ts'
import { runSigning, runSigningAsync } from './signature.ts'
import { formatUrlText } from './string-to-sign.ts'

/** What to sign. */
export interface PresignMediaCdnOptions extends MediaCdnSigner {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
}

/**
 * A URL that Media CDN serves until it expires. Scheme, host, path and query are signed; the method is not.
 *
 * ```text
 * https://host/path?own=1&Expires=E&KeyName=K&Signature=Ed25519
 * ```
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function presignMediaCdn(options: PresignMediaCdnOptions): PresignedRequest {
  return runSigning(planUrl(options))
}

/** The same URL as {@link presignMediaCdn}, over WebCrypto. */
export async function presignMediaCdnAsync(
  options: PresignMediaCdnOptions,
): Promise<PresignedRequest> {
  return runSigningAsync(planUrl(options))
}

function planUrl(options: PresignMediaCdnOptions): SigningPlan<PresignedRequest> {
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const text = formatUrlText(options.url, expires, options.keyName)
  return {
    key,
    stringToSign: text,
    finish: (signature) => ({
      url: `${text}&Signature=${toPaddedBase64Url(signature)}`,
      method: 'GET',
      headers: {},
      expiresAt: new Date(expires * 1000),
    }),
  }
}
