/**
 * The text Cloud CDN signs and the signature over it: HMAC-SHA1 in base64url, padded [CLOUD-CDN-URLS].
 *
 * @module
 */
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'

export { formatPrefixText, formatUrlText } from '../../lib/google-cdn.ts'

/** The signature over a text: 28 characters, the last of them `=`. */
export function signCloudCdnText(key: HmacKey, stringToSign: string): string {
  return hmacBase64(key, stringToSign).replaceAll('+', '-').replaceAll('/', '_')
}
