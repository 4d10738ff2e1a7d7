/**
 * Takes the URLs a caller hands to a presigner apart without changing a byte. `new URL` folds dot segments, drops
 * tabs and re-encodes, so the URL it gives back is not always the one that was signed.
 *
 * @module
 */

/** The parts of an absolute URL, as written. */
export interface AbsoluteUrl {
  readonly scheme: 'http' | 'https'
  /** Host with its port, if any. */
  readonly host: string
  /** Everything from the first slash up to the query; `/` if there was none. */
  readonly path: string
  /** `null` without a question mark. */
  readonly query: string | null
}

const PARTS = /^(https?):\/\/([A-Za-z0-9._~\-[\]:]+)(\/[^?#]*)?(?:\?([^#]*))?$/
const URL_CHARACTERS = /^[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]*$/

/**
 * The parts of an http(s) URL that is already percent-encoded. Anything else is a `TypeError` that names the
 * parameter: user names, fragments, and characters a client would re-encode on the way (so that what is
 * sent would not be what was signed).
 */
export function parseAbsoluteUrl(url: string, parameter: string): AbsoluteUrl {
  const parts = PARTS.exec(url)
  if (parts === null || !URL_CHARACTERS.test(url)) {
    throw new TypeError(
      `${parameter} must be an absolute http or https URL, percent-encoded, without user name and fragment`,
    )
  }
  const [, scheme, host, path, query] = parts
  return {
    scheme: scheme === 'http' ? 'http' : 'https',
    host: host ?? '',
    path: path ?? '/',
    query: query ?? null,
  }
}

/** The URL with `parameters` (already encoded) added at its end. */
export function appendQuery(url: string, parameters: string): string {
  const mark = url.indexOf('?')
  if (mark === -1) return `${url}?${parameters}`
  const isOpen = mark === url.length - 1 || url.endsWith('&')
  return `${url}${isOpen ? '' : '&'}${parameters}`
}
