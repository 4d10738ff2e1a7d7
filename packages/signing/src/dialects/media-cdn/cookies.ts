/**
 * Media CDN signed cookies: a prefix for every request of one browser.
 *
 * @module
 */
import { checkOptions } from '../../lib/known-options.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { requireUrlPrefix, toPaddedBase64Url } from '../../lib/google-cdn.ts'
import type { SignedCookie } from '../../lib/signed-cookie.ts'
import { createSignedCookie } from '../../lib/signed-cookie.ts'
import { MEDIA_CDN_COOKIE_NAME, prepareSigner } from './params.ts'
import type { MediaCdnPrefixOptions } from './prefix.ts'
import { PREFIX_OPTIONS } from './prefix.ts'
import type { SigningPlan } from './signature.ts'
import { runSigning, runSigningAsync } from './signature.ts'
import { formatPrefixText } from './string-to-sign.ts'

/**
 * The cookie that opens everything below a prefix.
 *
 * ```text
 * Edge-Cache-Cookie=URLPrefix=base64url:Expires=E:KeyName=K:Signature=Ed25519
 * ```
 *
 * @throws {SigningError} `key-invalid`, and `sync-crypto-unavailable` without `node:crypto`
 */
export function createMediaCdnCookie(options: MediaCdnPrefixOptions): SignedCookie {
  return runSigning(planCookie(options))
}

/** The same cookie as {@link createMediaCdnCookie}, over WebCrypto. */
export async function createMediaCdnCookieAsync(
  options: MediaCdnPrefixOptions,
): Promise<SignedCookie> {
  return runSigningAsync(planCookie(options))
}

function planCookie(options: MediaCdnPrefixOptions): SigningPlan<SignedCookie> {
  checkOptions(options, PREFIX_OPTIONS)
  const scope = requireUrlPrefix(options.urlPrefix)
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const stringToSign = formatPrefixText(options.urlPrefix, expires, options.keyName, ':')
  return {
    key,
    stringToSign,
    finish: (signature) =>
      createSignedCookie(
        MEDIA_CDN_COOKIE_NAME,
        `${stringToSign}:Signature=${toPaddedBase64Url(signature)}`,
        expires,
        scope,
      ),
  }
}
