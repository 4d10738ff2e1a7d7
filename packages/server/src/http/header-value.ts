/**
 * Text in header values. On the wire it is UTF-8 here, in both directions; node:http hands over, and takes, one character a byte.
 * Values are checked when they are stored, so that no later answer can break on one.
 */

// RFC9110 5.5: visible characters, what is beyond ASCII, space and tab. Everything else can split or end a header.
const LEGAL_VALUE = /^[\t\u0020-\u007E\u0080-\uFFFF]*$/
const BEYOND_ASCII = /[^\0-\u007F]/
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** True if the text can be sent as a header value [RFC9110 5.5]. */
export function isHeaderValue(text: string): boolean {
  return LEGAL_VALUE.test(text) && text.isWellFormed()
}

/** True if the text can be a header name [RFC9110 5.6.2]. */
export function isHeaderName(text: string): boolean {
  return TOKEN.test(text)
}

/** The text of a value as node:http hands it over; `null` if its bytes are not UTF-8. */
export function decodeHeaderValue(received: string): string | null {
  if (!BEYOND_ASCII.test(received)) return received
  try {
    return utf8.decode(Buffer.from(received, 'latin1'))
  } catch {
    return null
  }
}

/** The text as node:http takes it: what it writes are the bytes of its UTF-8. */
export function encodeHeaderValue(text: string): string {
  return BEYOND_ASCII.test(text) ? Buffer.from(text).toString('latin1') : text
}
