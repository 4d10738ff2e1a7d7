/**
 * The raw request behind whatever a runtime or framework hands over. Nothing is decoded, folded or merged here; what a
 * runtime itself has folded before is lost, and then a signature over it fails.
 *
 * @module
 */
import { requireGiven } from './required-options.ts'
import { SigningError } from '../errors.ts'
import type { RawRequest } from '../types.ts'
import { checkOptions, TEXT } from './known-options.ts'
import type { OptionTable } from './known-options.ts'

/** Headers in any of the usual shapes. */
export type HeadersLike =
  /** `Headers`, a `Map`, or pairs: anything that gives names with values. */
  | Iterable<readonly [name: string, value: string]>
  /** Names and values in turn, as Node's `rawHeaders`. */
  | readonly string[]
  /** As Node's `headers`; a list is a header that came as often. */
  | Readonly<Record<string, string | readonly string[] | undefined>>

/** A `Request` of the fetch standard, an `IncomingMessage` of Node, or a record with the same members. */
export interface RequestLike {
  readonly method?: string | undefined
  /** An absolute URL, or the target as sent: path and query. */
  readonly url?: string | undefined
  /** The target before a router cut its own prefix off, as Express keeps it: comes before `url`. */
  readonly originalUrl?: string | undefined
  readonly headers: HeadersLike
  /** Names and values in turn, as Node keeps them: comes before `headers`, which merges repeats. */
  readonly rawHeaders?: readonly string[] | undefined
}

/** What a request does not say about itself. */
export interface RequestFacts {
  /** How the client reached the service. That of an absolute URL, else `https`; behind a proxy only the operator knows. */
  readonly scheme?: 'http' | 'https' | undefined
  /** The client's address, from a connection or a proxy that is trusted. */
  readonly clientIp?: string | undefined
}

const KNOWN_FACTS: OptionTable<RequestFacts> = { scheme: TEXT, clientIp: TEXT }

/**
 * The request in the form that verifiers take.
 *
 * ```ts
 * verifier.verify(toRawRequest(request))                                 // fetch, Hono's c.req.raw, Bun, Deno, workers
 * verifier.verify(toRawRequest(message, { clientIp: message.socket.remoteAddress }))    // Node, Express, Koa's ctx.req
 * verifier.verify(toRawRequest({ method: 'GET', url, headers: { host } }))
 * ```
 *
 * @throws {TypeError} naming the member that is missing or has none of the shapes
 * @throws {SigningError} `header-conflict` if the URL, `:authority` and `Host` name different hosts: which of them was signed, and
 * which is served, nobody can tell
 */
export function toRawRequest(request: RequestLike, facts: RequestFacts = {}): RawRequest {
  if (typeof request !== 'object' || request === null) {
    throw new TypeError('request must be a Request, an IncomingMessage or { method, url, headers }')
  }
  checkOptions(facts, KNOWN_FACTS, 'facts')
  const url = readUrl(request.originalUrl ?? request.url)
  const scheme = readScheme(facts.scheme ?? url.scheme ?? 'https')
  const headers = withHost(toRawHeaders(request.rawHeaders ?? request.headers), url.host, scheme)
  const { clientIp } = facts
  return {
    method: readMethod(request.method),
    target: url.target,
    headers,
    scheme,
    ...(clientIp === undefined ? {} : { clientIp: readAddress(clientIp) }),
  }
}

interface UrlParts {
  readonly scheme: string | null
  readonly host: string | null
  readonly target: string
}

const ABSOLUTE = /^(https?):\/\/([^/?#\s]+)([^#]*)/i
// No server sees one in a target: what has one was not copied whole.
const BLANK = /\s/

function readUrl(url: unknown): UrlParts {
  requireGiven(url, 'url')
  if (typeof url === 'string' && !BLANK.test(url)) {
    if (url.startsWith('/')) return { scheme: null, host: null, target: url }
    const [whole, scheme = '', authority = '', rest = ''] = ABSOLUTE.exec(url) ?? []
    // A browser takes a backslash for the end of the host, and others for a part of it.
    if (whole !== undefined && !authority.includes('\\')) {
      if (authority.includes('@')) {
        throw new TypeError('url must have no user and password: nothing here reads them')
      }
      const target = rest.startsWith('/') ? rest : `/${rest}`
      return { scheme: scheme.toLowerCase(), host: authority, target }
    }
  }
  throw new TypeError(
    'url must be an absolute http or https URL, or a path with its query, without blanks',
  )
}

// Those that fetch writes in upper case whatever was given.
const USUAL_METHOD = /^(?:get|head|post|put|delete|options)$/i

function readMethod(method: unknown): string {
  requireGiven(method, 'method')
  if (typeof method !== 'string' || method === '') {
    throw new TypeError("method must be the request's method, such as GET")
  }
  return USUAL_METHOD.test(method) ? method.toUpperCase() : method
}

function readScheme(scheme: string): 'http' | 'https' {
  if (scheme === 'http' || scheme === 'https') return scheme
  throw new TypeError("scheme must be 'http' or 'https'")
}

function readAddress(clientIp: unknown): string {
  if (typeof clientIp === 'string' && clientIp !== '') return clientIp
  throw new TypeError('clientIp must be an address')
}

function toRawHeaders(headers: unknown): string[] {
  requireGiven(headers, 'headers')
  if (typeof headers !== 'object' || headers === null) throw wrongHeaders()
  if (isIterable(headers)) {
    const items = [...headers]
    if (items.every((item) => typeof item === 'string')) return checkedList(items)
    return items.flatMap(pairOf)
  }
  // Another realm's `Headers` has entries of its own; a plain record has none.
  return Object.entries(headers).flatMap(([name, value]) => repeatsOf(name, value))
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value
}

function checkedList(list: string[]): string[] {
  if (list.length % 2 === 0) return list
  throw new TypeError('headers must have a value for each name')
}

function pairOf(pair: unknown): string[] {
  const [name, value] = isPair(pair) ? pair : []
  if (typeof name !== 'string') throw wrongHeaders()
  return repeatsOf(name, value)
}

function isPair(value: unknown): value is [unknown, unknown] {
  return Array.isArray(value) && value.length === 2
}

function repeatsOf(name: string, value: unknown): string[] {
  if (value === undefined) return []
  if (typeof value === 'string') return [name, value]
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw wrongHeaders(name)
  }
  return value.flatMap((item) => [name, item])
}

function wrongHeaders(name?: string): TypeError {
  return new TypeError(
    name === undefined
      ? 'headers must be Headers, a record, pairs, or names and values in turn'
      : `headers must have text, or a list of texts, under ${name.slice(0, 64)}`,
  )
}

/** The list with a `Host`: HTTP/2 has `:authority` in its place, and a request by its absolute URL has none. */
function withHost(
  list: readonly string[],
  urlHost: string | null,
  scheme: 'http' | 'https',
): string[] {
  const headers: string[] = []
  const hosts: string[] = []
  let hasHost = false
  for (let index = 0; index + 1 < list.length; index += 2) {
    const [name = '', value = ''] = [list[index], list[index + 1]]
    const isHost = name.toLowerCase() === 'host'
    hasHost ||= isHost
    if (isHost || name === ':authority') hosts.push(value)
    if (!name.startsWith(':')) headers.push(name, value)
  }
  if (urlHost !== null) hosts.push(urlHost)
  const [first] = hosts
  if (hosts.some((host) => !isSameHost(host, first ?? host, scheme))) {
    throw new SigningError('header-conflict', 'the request names more than one host', {
      name: 'host',
    })
  }
  const host = list.includes(':authority') ? list[list.indexOf(':authority') + 1] : urlHost
  return hasHost || host === null || host === undefined ? headers : ['Host', host, ...headers]
}

/** The same host and port, in any case of letters, the scheme's own port written or not. */
function isSameHost(one: string, other: string, scheme: 'http' | 'https'): boolean {
  const port = scheme === 'https' ? /:443$/ : /:80$/
  const plain = (host: string): string => host.trim().toLowerCase().replace(port, '')
  return one === other || plain(one) === plain(other)
}
