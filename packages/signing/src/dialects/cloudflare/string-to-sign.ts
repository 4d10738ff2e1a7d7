/**
 * What `is_timed_hmac_valid_v0` computes [CLOUDFLARE-HMAC].
 *
 * ```text
 * /path?own=1 + separator + 1773478800 + - + MAC      MAC = base64(HMAC-SHA256(key, /path?own=1 + 1773478800))
 * ```
 *
 * The separator is left out of what is signed.
 *
 * @module
 */
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64 } from '../../lib/hmac.ts'

/**
 * Times have ten digits, the years 2001 to 2286. They run into the message before them: a longer one could borrow its
 * first digit from the end of the path.
 */
export const TIMESTAMP_DIGITS = 10

/** The MAC over message and time, in standard base64 with padding or in base64url without. */
export function signCloudflareText(
  key: HmacKey,
  text: { readonly message: string; readonly issued: string },
  isUrlSafe: boolean,
): string {
  const mac = hmacBase64(key, text.message + text.issued)
  if (!isUrlSafe) return mac
  return mac.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** The separator behind a message: a question mark becomes `&` if the message has one already. */
export function separatorBehind(message: string, separator: string): string {
  return separator.startsWith('?') && message.includes('?') ? `&${separator.slice(1)}` : separator
}
