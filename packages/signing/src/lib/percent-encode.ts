/**
 * Percent-encoding as the signing dialects want it: UTF-8, upper-case hex, only the unreserved
 * characters of [RFC3986 2.3] left alone. `encodeURIComponent` leaves five more, so it is never used bare.
 *
 * @module
 */
import { wrongOption } from './wrong-option.ts'

const UNRESERVED = /^[\w\-.~]*$/
const UNRESERVED_PATH = /^[\w\-.~/]*$/
const LEFT_ALONE = /[!'()*]/g

/**
 * The text with every byte but the unreserved ones escaped; a space is `%20`, a slash `%2F`.
 * A lone surrogate has no UTF-8 and throws a `URIError`.
 */
export function percentEncode(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(text).replace(
    LEFT_ALONE,
    (character) => '%' + character.charCodeAt(0).toString(16).toUpperCase(),
  )
}

/** Like {@link percentEncode}, slashes kept: for a path whose segments are text. */
export function percentEncodePath(path: string): string {
  if (UNRESERVED_PATH.test(path)) return path
  return percentEncode(path).replaceAll('%2F', '/')
}

/**
 * The text behind the escapes, decoded exactly once; `null` if an escape is broken or the bytes are not UTF-8.
 * A plus stays a plus: in a path it is one, in a query the caller decides.
 */
export function percentDecode(text: string): string | null {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The text as the function encodes it. @throws {TypeError} with the caller's name for it, if it is none or has no UTF-8 */
export function encodeText(
  encode: (text: string) => string,
  text: string,
  parameter: string,
): string {
  if (typeof text === 'string' && text.isWellFormed()) return encode(text)
  throw wrongOption(`${parameter} must be well-formed Unicode`)
}
