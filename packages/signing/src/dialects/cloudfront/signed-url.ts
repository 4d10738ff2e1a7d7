/**
 * The URL as CloudFront will see it. Resource and emitted URL must be equal byte for byte, so everything a client
 * may still change on the way (dot segments, upper-case hosts, default ports) is refused, and what has to be
 * encoded is encoded before signing.
 *
 * @module
 */

import { requireGiven } from '../../lib/required-options.ts'
import { hasDotSegment } from '../../lib/path-scope.ts'
import { parseRawQuery } from '../../lib/raw-target.ts'
import { CLOUDFRONT_PARAMETERS } from './params.ts'

const PARTS = /^(https?):\/\/([a-z0-9._\-[\]:]+)(\/[^?#]*)?(?:\?([^#]*))?$/
const PLAIN = /^[A-Za-z0-9\-._~/]*$/
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: ':80', https: ':443' }

// Controls would be dropped by some clients and kept by others.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001f\u007f]/
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/
const ENCODED_IN_PATH = /[^A-Za-z0-9\-._~/!$&'()*+,;=:@%[\]]+/g
const ENCODED_IN_QUERY = /[^A-Za-z0-9\-._~/!$&()*+,;=:@%?[\]]+/g

/**
 * The URL with every character encoded that a browser would encode; escapes and plus signs stay as they are. Empty
 * pieces of the query are left out, because whoever takes the CloudFront parameters off cannot tell them back.
 *
 * @throws {TypeError} for anything but an absolute http(s) URL that reaches CloudFront unchanged
 */
export function encodeCloudFrontUrl(url: string): string {
  return createUrlEncoder()(url)
}

/** The same function, which keeps the origin of the last URL: whoever signs URLs signs many for one host. */
export function createUrlEncoder(): (url: string) => string {
  let origin = ''
  return (url) => {
    const isKnown = origin !== '' && typeof url === 'string' && url.startsWith(origin)
    if (isKnown && isPlainPath(url.slice(origin.length - 1))) return url
    const { encoded, origin: found } = encodeUrl(url)
    origin = `${found}/`
    return encoded
  }
}

function encodeUrl(url: string): { readonly encoded: string; readonly origin: string } {
  requireGiven(url, 'url')
  const parts = typeof url === 'string' ? PARTS.exec(url) : null
  if (parts === null) {
    throw new TypeError(
      'url must be an absolute http or https URL with a lower-case host and no user name or fragment',
    )
  }
  const [, scheme = '', host = '', path = '/', query] = parts
  if (host.endsWith(DEFAULT_PORTS[scheme] ?? '')) {
    throw new TypeError('url must not name the default port: clients leave it out')
  }
  const origin = `${scheme}://${host}`
  const isPlain = query === undefined && isPlainPath(path)
  return {
    encoded: origin + (isPlain ? path : encodePath(path) + encodeQuery(query)),
    origin,
  }
}

function isPlainPath(path: string): boolean {
  return PLAIN.test(path) && !path.includes('/.')
}

/** The URL with the CloudFront parameters, already encoded, behind its own query. */
export function appendParameters(url: string, parameters: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}${parameters}`
}

function encodePath(path: string): string {
  assertEncodable(path)
  if (hasDotSegment(path)) throw new TypeError('url must not hold dot segments: clients fold them')
  return path.replace(ENCODED_IN_PATH, encodeURIComponent)
}

function encodeQuery(query: string | undefined): string {
  if (query === undefined) return ''
  assertEncodable(query)
  // An apostrophe in a query is encoded by browsers, and left alone by encodeURIComponent.
  const encoded = query.replace(ENCODED_IN_QUERY, (text) =>
    encodeURIComponent(text).replaceAll("'", '%27'),
  )
  const pieces = encoded.split('&').filter((piece) => piece !== '')
  assertUnreserved(encoded)
  return pieces.length === 0 ? '' : `?${pieces.join('&')}`
}

function assertEncodable(text: string): void {
  if (CONTROL.test(text) || BROKEN_ESCAPE.test(text) || !text.isWellFormed()) {
    throw new TypeError(
      'url must be free of control characters, broken escapes and lone surrogates',
    )
  }
}

function assertUnreserved(query: string): void {
  const parameters = parseRawQuery(query)
  if (parameters === null) throw new TypeError('url must have a query of UTF-8 text')
  for (const { name } of parameters) {
    if (CLOUDFRONT_PARAMETERS.some((reserved) => reserved === name)) {
      throw new TypeError(
        `url must not use the parameter ${name}, which CloudFront keeps for itself`,
      )
    }
  }
}
