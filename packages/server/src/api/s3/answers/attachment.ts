/** Tames a Content-Disposition that somebody else wrote [RFC6266 4.2]. */

/** The same disposition, made to save the file instead of showing it; its parameters stay. */
export function asAttachment(disposition: string): string {
  const semicolon = disposition.indexOf(';')
  return semicolon === -1 ? 'attachment' : `attachment${disposition.slice(semicolon)}`
}

/** True if a browser that gets this header saves the body. */
export function isAttachment(disposition: string): boolean {
  return /^\s*attachment\s*(?:;|$)/i.test(disposition)
}
