/** The origins whose pages may use signed URLs, checked so that each is spelled as a browser sends it. */

/** `*` is every page there is; an origin of this machine may end in `:*`, every port. */
export type CorsOrigins = '*' | readonly string[]

/** Without control characters: they could end a header, or hide in a terminal. */
const PRINTABLE = /^[\u0020-\u007E\u00A0-\uFFFF]*$/
/** Development servers choose their ports. Elsewhere another port may be another person's. */
const ANY_PORT_HERE = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\*$/

/** Throws a plain `Error` whose message completes "HALLPASS_CORS_ORIGINS … ". */
export function parseCorsOrigins(text: string): CorsOrigins {
  if (!PRINTABLE.test(text)) throw new Error('holds a control character')
  const items = text.split(',').map((item) => item.trim())
  if (items.length === 1 && items[0] === '*') return '*'
  return [...new Set(items.map(requireOrigin))]
}

function requireOrigin(item: string): string {
  if (item === '') throw new Error('names an empty origin; separate origins with one comma')
  if (item === 'null') throw new Error('names null, the origin of pages that hide theirs')
  if (ANY_PORT_HERE.test(item)) return item
  if (item.includes('*')) {
    throw new Error(
      'has a wildcard; name each origin in full, or http://localhost:* for every port of this machine, or give * alone for all',
    )
  }
  const url = URL.parse(item)
  if (url === null || !/^https?:\/\//i.test(item)) {
    throw new Error('is not a list of origins such as https://app.example.com')
  }
  if (url.username !== '' || url.password !== '') throw new Error('holds a user name or password')
  if (url.pathname !== '/' || /[/?#\\]$/.test(item) || url.search !== '' || url.hash !== '') {
    throw new Error('must end each origin after the host and port, without a slash, path or query')
  }
  // Browsers and we compare origins as text [FETCH-CORS] CORS check: another spelling would look right and never match.
  if (url.origin !== item) throw new Error(`names ${item}, which browsers send as ${url.origin}`)
  return item
}
