/**
 * EdgeAuth 2.0 tokens for one URL.
 *
 * @module
 */
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { PresignedRequest } from '../../types.ts'
import type { AkamaiTokenOptions } from './params.ts'
import { escapeEarly } from './string-to-sign.ts'
import { signFields } from './token.ts'

/** What to sign. */
export interface PresignAkamaiOptions extends AkamaiTokenOptions {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
  /** The query is signed too (the property does not ignore it). Off by default. */
  readonly coversQuery?: boolean
}

/**
 * `url` with a token that opens its path, and its query if asked; host, scheme and method are not signed.
 * The path is hashed and does not stand in the token.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignAkamai(options: PresignAkamaiOptions): PresignedRequest {
  const { path, query } = parseAbsoluteUrl(options.url, 'url')
  const covered = options.coversQuery === true && query ? `${path}?${query}` : path
  const url = toHashedUrl(covered, options.escapeEarly === true)
  if (url === null) throw new TypeError('url must have whole UTF-8 escapes')
  const { token, tokenName, expiresAt } = signFields(options, { acl: null, url })
  return {
    url: appendQuery(options.url, `${tokenName}=${token}`),
    method: 'GET',
    headers: {},
    expiresAt,
  }
}

/**
 * A path as it is hashed: as sent, or decoded once and escaped the property's way; `null` if its escapes are broken.
 */
export function toHashedUrl(path: string, isEscaped: boolean): string | null {
  if (!isEscaped) return path
  const decoded = percentDecode(path)
  return decoded === null ? null : escapeEarly(decoded)
}
