/**
 * Cloud CDN signed cookies: a prefix for every request of one browser.
 *
 * @module
 */
import { checkOptions } from '../../lib/known-options.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import { requireUrlPrefix } from '../../lib/google-cdn.ts'
import type { SignedCookie } from '../../lib/signed-cookie.ts'
import { createSignedCookie } from '../../lib/signed-cookie.ts'
import { CLOUD_CDN_COOKIE_NAME, prepareSigner } from './params.ts'
import type { CloudCdnPrefixOptions } from './prefix.ts'
import { PREFIX_OPTIONS } from './prefix.ts'
import { formatPrefixText, signCloudCdnText } from './string-to-sign.ts'

/**
 * The cookie that opens everything below a prefix [CLOUD-CDN-COOKIES].
 *
 * ```text
 * Cloud-CDN-Cookie=URLPrefix=base64url:Expires=E:KeyName=K:Signature=HMAC-SHA1
 * ```
 *
 * @throws {SigningError} `key-invalid`
 */
export function createCloudCdnCookie(options: CloudCdnPrefixOptions): SignedCookie {
  checkOptions(options, PREFIX_OPTIONS)
  const scope = requireUrlPrefix(options.urlPrefix)
  const key = prepareSigner(options)
  const expires = resolveExpiry(options)
  const text = formatPrefixText(options.urlPrefix, expires, options.keyName, ':')
  const value = `${text}:Signature=${signCloudCdnText(key, text)}`
  return createSignedCookie(CLOUD_CDN_COOKIE_NAME, value, expires, scope)
}
