/**
 * The text Cloud CDN signs and the signature over it: HMAC-SHA1 in base64url, padded [CLOUD-CDN-URLS].
 *
 * @module
 */
import type { HmacKey } from '../../lib/hmac.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hmacBase64 } from '../../lib/hmac.ts'

export { formatPrefixText, formatUrlText } from '../../lib/google-cdn.ts'

/** The signature over a text: 28 characters, the last of them `=`. */
export function signCloudCdnText(key: HmacKey, stringToSign: string): string {
  return hmacBase64(key, stringToSign).replaceAll('+', '-').replaceAll('/', '_')
}

/** True if `signature` is the one over the text. */
export function isCloudCdnSignature(
  key: HmacKey,
  stringToSign: string,
  signature: string,
): boolean {
  return equalText(signCloudCdnText(key, stringToSign), signature)
}
