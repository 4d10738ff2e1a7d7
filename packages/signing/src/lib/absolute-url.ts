/**
 * Takes the URLs a caller hands to a presigner apart without changing a byte. `new URL` folds dot segments, drops
 * tabs and re-encodes, so the URL it gives back is not always the one that was signed.
 *
 * @module
 */
import { requireGiven } from './required-options.ts'
import { refuseDotSegments } from './dot-segments.ts'

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
 * parameter: user names, fragments, and what a client would change on the way (the scheme's own port,
 * dot segments, characters it encodes), so that what is sent would not be what was signed.
 */
export function parseAbsoluteUrl(url: string, parameter: string): AbsoluteUrl {
  requireGiven(url, parameter)
  const parts = PARTS.exec(url)
  if (parts === null || !URL_CHARACTERS.test(url)) {
    throw new TypeError(
      `${parameter} must be an absolute http or https URL, percent-encoded, without user name and fragment`,
    )
  }
  const [, scheme, host, path = '/', query] = parts
  refuseDotSegments(path, parameter)
  if (host?.endsWith(scheme === 'http' ? ':80' : ':443') === true) {
    throw new TypeError(`${parameter} must not name the port its scheme has anyway`)
  }
  // The one character of a query that browsers encode and other clients do not.
  if (query?.includes("'") === true) {
    throw new TypeError(`${parameter} must have %27 in its query in place of an apostrophe`)
  }
  return {
    scheme: scheme === 'http' ? 'http' : 'https',
    host: host ?? '',
    path,
    query: query ?? null,
  }
}

/** The URL with `parameters` (already encoded) added at its end; a missing path becomes the `/` a client sends. */
export function appendQuery(url: string, parameters: string): string {
  const mark = url.indexOf('?')
  const authority = url.indexOf('://') + 3
  const hasPath = url.lastIndexOf('/', mark === -1 ? url.length : mark) >= authority
  if (!hasPath) {
    const end = mark === -1 ? url.length : mark
    return appendQuery(`${url.slice(0, end)}/${url.slice(end)}`, parameters)
  }
  if (mark === -1) return `${url}?${parameters}`
  const isOpen = mark === url.length - 1 || url.endsWith('&')
  return `${url}${isOpen ? '' : '&'}${parameters}`
}
