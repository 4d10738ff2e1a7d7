/**
 * The text nginx hashes and the hash in the form it compares [NGINX-SECURE-LINK].
 *
 * @module
 */
import { toUnpaddedBase64Url } from '../../lib/base64-url.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hashBase64, hashHex } from '../../lib/hash.ts'
import type { RawRequest } from '../../types.ts'
import type { PreparedRule } from './params.ts'
import { expandTemplate } from './template.ts'
import { readVariable } from './variables.ts'
import { md5 } from '../../lib/md5.ts'

/** The expression with the values of this request. */
export function formatNginxText(request: RawRequest, rule: PreparedRule, expires: string): string {
  return expandTemplate(rule.expression, (name) =>
    name === 'secure_link_expires' ? expires : readVariable(request, rule, name),
  )
}

/** `secure_link_md5`: 22 digits of base64url without padding. */
export function hashNginxText(text: string): string {
  return toUnpaddedBase64Url(hashBase64(md5, text))
}

/** True if `hash` is the one over the text. */
export function isNginxHash(text: string, hash: string): boolean {
  return equalText(hashNginxText(text), hash)
}

/** `secure_link_secret`: 32 hex digits over the link and the secret. */
export function hashNginxLink(link: string, secret: string): string {
  return hashHex(md5, link + secret)
}

const TEN_DIGITS = /^[1-9]\d{9}$/

/**
 * True for times of ten digits, the years 2001 to 2286. In an expression such as `$uri$secure_link_expires` a longer
 * time could borrow its first digit from the end of the path: a link to `/file5` would also be one to `/file`, and for
 * centuries.
 */
export function isNginxTime(expires: string): boolean {
  return TEN_DIGITS.test(expires)
}
