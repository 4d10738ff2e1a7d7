/**
 * What COS signs [COS-SIGNATURE].
 *
 * ```text
 * SignKey      = hex HMAC-SHA1(secret, KeyTime)                    KeyTime = start;end
 * HttpString   = method LF decoded path LF parameters LF headers LF   both sorted, `name=value`, encoded, joined by &
 * StringToSign = sha1 LF KeyTime LF hex SHA-1(HttpString) LF
 * Signature    = hex HMAC-SHA1(SignKey, StringToSign)
 * ```
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacHex, prepareHmacKey } from '../../lib/hmac.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { sha1 } from '../../lib/sha1.ts'

export type CosPairs = readonly (readonly [name: string, value: string])[]

/** What goes into a signature. */
export interface CosText {
  readonly method: string
  /** Decoded, with its slash in front. */
  readonly path: string
  /** Those that are signed, decoded. */
  readonly parameters: CosPairs
  /** Those that are signed. */
  readonly headers: CosPairs
}

/** Names and values as they are signed; the names also make the list in the URL. */
export interface CosList {
  readonly names: string
  readonly text: string
}

/** The list of some pairs: names in lower case, all encoded, sorted by name. */
export function formatCosList(pairs: CosPairs): CosList {
  const encoded = pairs
    .map(([name, value]) => [percentEncode(name).toLowerCase(), percentEncode(value)] as const)
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return {
    names: encoded.map(([name]) => name).join(';'),
    text: encoded.map(([name, value]) => `${name}=${value}`).join('&'),
  }
}

/** The signature of a request over a span of time. */
export function signCosText(
  key: HmacKey,
  keyTime: string,
  signTime: string,
  text: CosText,
): string {
  const { method, path, parameters, headers } = text
  const parts = [
    method.toLowerCase(),
    path,
    formatCosList(parameters).text,
    formatCosList(headers).text,
    '',
  ]
  const toSign = `sha1\n${signTime}\n${hashHex(sha1, parts.join('\n'))}\n`
  return hmacHex(prepareHmacKey(sha1, hmacHex(key, keyTime)), toSign)
}
