/**
 * Turns what callers have (a URL, or a request as JSON) into the one shape the dialects read.
 *
 * @module
 */
import { utf8 } from '../../lib/bytes.ts'
import type { ObservedRequest } from './dialect-facts.ts'
import { parseObservedUrl } from './observed-url.ts'

/** A request as a user can write it down. Only `url` is needed; what is left out is not judged. */
export interface ExplainableRequest {
  readonly method?: string
  /** The full URL. A bare target (`/a?b`) is taken together with a `Host` header. */
  readonly url: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** Text (UTF-8) or bytes. */
  readonly body?: string | Uint8Array
  readonly clientIp?: string
}

/** More headers than this are not looked at. */
const MAX_HEADERS = 500

/** The request in the shape dialects read. Wrong types from untyped callers become absent values. */
export function observeRequest(input: string | ExplainableRequest): ObservedRequest {
  if (typeof input === 'string') return observe({ url: input })
  return observe(input ?? { url: '' })
}

function observe(input: ExplainableRequest): ObservedRequest {
  const { method, url, headers, body, clientIp } = input
  const pairs = Array.isArray(headers) ? headers.slice(0, MAX_HEADERS).filter(isPair) : []
  return {
    method: typeof method === 'string' && method !== '' ? method.toUpperCase() : null,
    url: parseObservedUrl(absolute(typeof url === 'string' ? url : '', pairs)),
    headers: pairs,
    headersKnown: Array.isArray(headers),
    body: typeof body === 'string' ? utf8(body) : body instanceof Uint8Array ? body : null,
    clientIp: typeof clientIp === 'string' ? clientIp : null,
  }
}

function isPair(pair: unknown): pair is readonly [string, string] {
  return Array.isArray(pair) && typeof pair[0] === 'string' && typeof pair[1] === 'string'
}

/** A name with a dot, or with a port, and a path behind it: what browsers show and people copy. */
const WITHOUT_SCHEME = /^(?:[a-z0-9_-]{1,63}\.){1,10}[a-z0-9-]{2,63}(?::\d{1,5})?\/[^?#]{0,4096}\?/i

/** A bare target gets the host its `Host` header names; a URL without a scheme is one of https. */
function absolute(url: string, headers: readonly (readonly [string, string])[]): string {
  if (WITHOUT_SCHEME.test(url)) return `https://${url}`
  if (!url.startsWith('/')) return url
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1]
  return host === undefined ? url : `https://${host}${url}`
}
