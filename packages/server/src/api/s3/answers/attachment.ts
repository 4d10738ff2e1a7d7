/** Tames a Content-Disposition that somebody else wrote [RFC6266 4.2]. */

// U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069: percent-encoded, or as the bytes of their UTF-8.
const ENCODED_DIRECTION = /%D8%9C|%E2%80%(?:8[EF]|A[A-E])|%E2%81%A[6-9]/gi
const RAW_DIRECTION =
  /\u00D8\u009C|\u00E2\u0080[\u008E\u008F\u00AA-\u00AE]|\u00E2\u0081[\u00A6-\u00A9]/g

/** The same without marks that turn the reading direction: with them `gpj.exe` reads as `exe.jpg`. */
export function withoutDirection(disposition: string): string {
  return disposition.replaceAll(ENCODED_DIRECTION, '').replaceAll(RAW_DIRECTION, '')
}

/** The same disposition, made to save the file instead of showing it; its parameters stay. */
export function asAttachment(disposition: string): string {
  const semicolon = disposition.indexOf(';')
  return semicolon === -1 ? 'attachment' : `attachment${disposition.slice(semicolon)}`
}

/** True if a browser that gets this header saves the body. */
export function isAttachment(disposition: string): boolean {
  return /^\s*attachment\s*(?:;|$)/i.test(disposition)
}
