/** What may stand in a header value: checked when a value is stored, so that no later answer can break on it. */

// RFC9110 5.5: visible characters, obs-text (as Latin-1), space and tab. Everything else can split or end a header.
const LEGAL_VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/

/** True if the text can be sent as a header value as it is [RFC9110 5.5]. */
export function isHeaderValue(text: string): boolean {
  return LEGAL_VALUE.test(text)
}

/** True if the text can be a header name [RFC9110 5.6.2]. */
export function isHeaderName(text: string): boolean {
  return TOKEN.test(text)
}
