/**
 * The ways in which a URL is known to differ from the one that was signed, for dialects that sign the URL as text.
 *
 * @module
 */
import type { CauseFacts, ExplainKey, ObservedRequest } from '../facts/dialect-facts.ts'
import { hostHeader } from '../facts/observed-url.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import { hostCandidates } from './header-candidates.ts'
import type { Hypothesis, Variant } from './hypotheses.ts'
import { pathVariants, shorterPaths } from './path-variants.ts'
import { misreadSecrets, otherSecrets, secretVariants } from './secret-variants.ts'
import type { SecretReading } from './secret-variants.ts'
import { isTrackerParameter } from './trackers.ts'

/** The parts of a URL that may have been others when it was signed. */
export interface UrlView {
  readonly method: string
  readonly scheme: string
  /** With its port, if it has one. */
  readonly host: string
  readonly path: string
  /** Raw pieces between ampersands, without those of the signature; `null`: no question mark. */
  readonly query: readonly string[] | null
  readonly secret: string
}

type Variants = Generator<Variant<UrlView>>

/** What a dialect lets vary. */
export interface UrlHypothesisOptions {
  readonly request: ObservedRequest
  readonly key: ExplainKey
  readonly keys: readonly ExplainKey[]
  /** The method is signed. */
  readonly hasMethod?: boolean
  /** Scheme and host are signed. */
  readonly hasOrigin?: boolean
  /** The query is signed. */
  readonly hasQuery?: boolean
  /** The scheme decodes its secret. */
  readonly secretReading?: SecretReading
}

/** The view of a request, the parameters named (lower case) left out. */
export function toUrlView(request: ObservedRequest, reserved: ReadonlySet<string>): UrlView {
  const { url, method } = request
  const pieces = url.parameters
    .filter(({ name }) => !reserved.has(name.toLowerCase()))
    .map(({ rawName, rawValue }) => (rawValue === '' ? rawName : `${rawName}=${rawValue}`))
  return {
    method: method ?? '',
    scheme: url.scheme ?? 'https',
    host: hostHeader(url),
    path: url.path,
    query: url.query === null || pieces.length === 0 ? null : pieces,
    secret: '',
  }
}

/** The URL of a view. */
export function urlOf({ scheme, host, path, query }: UrlView): string {
  return `${scheme}://${host}${path}${query === null ? '' : `?${query.join('&')}`}`
}

/** The hypotheses that apply, the likeliest first. */
export function urlHypotheses(options: UrlHypothesisOptions): Hypothesis<UrlView>[] {
  const list: Hypothesis<UrlView>[] = []
  if (options.hasMethod === true) list.push(methods)
  if (options.key.secret !== undefined) list.push((view) => secrets(view, options))
  if (options.hasQuery === true) list.push(addedParameters)
  list.push(paths)
  if (options.hasQuery === true) list.push(queryEncodings)
  if (options.hasOrigin === true) list.push(schemes, (view) => hosts(view, options.request))
  list.push(prefixes)
  return list
}

const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']

function* methods(view: UrlView): Variants {
  for (const method of METHODS) {
    if (method === view.method) continue
    const facts = { signed: method, sent: view.method === '' ? 'another' : view.method }
    yield { view: { ...view, method }, code: 'method-differs', facts }
  }
}

function* secrets(view: UrlView, { key, keys, secretReading }: UrlHypothesisOptions): Variants {
  if (secretReading !== undefined) {
    for (const { secret, code, facts } of misreadSecrets(view.secret, secretReading)) {
      yield { view: { ...view, secret }, code, facts }
    }
  }
  for (const { secret, code, facts } of otherSecrets(keys, key)) {
    yield { view: { ...view, secret }, code, facts }
  }
  for (const { secret, code, facts } of secretVariants(view.secret)) {
    yield { view: { ...view, secret }, code, facts }
  }
}

const MAX_PIECES = 60
const MAX_REORDERED = 4

function* addedParameters(view: UrlView): Variants {
  const { query } = view
  if (query === null || query.length > MAX_PIECES) return
  const own = query.filter((piece) => !isTrackerParameter(nameOf(piece)))
  if (own.length < query.length) {
    const names = query.filter((piece) => !own.includes(piece)).map(nameOf)
    yield { view: withQuery(view, own), code: 'tracker-parameters', facts: namesOf(names) }
  }
  for (const piece of query) {
    const rest = query.filter((other) => other !== piece)
    const facts = namesOf([nameOf(piece)])
    yield { view: withQuery(view, rest), code: 'parameter-added', facts }
  }
  for (let count = 2; count <= query.length; count += 1) {
    const facts = namesOf(query.slice(-count).map(nameOf))
    yield { view: withQuery(view, query.slice(0, -count)), code: 'parameter-added', facts }
  }
}

function withQuery(view: UrlView, query: readonly string[]): UrlView {
  return { ...view, query: query.length === 0 ? null : query }
}

function nameOf(piece: string): string {
  return piece.split('=', 1)[0] ?? ''
}

function namesOf(names: readonly string[]): CauseFacts {
  return { names: names.join(', ').slice(0, 200) }
}

function* paths(view: UrlView): Variants {
  for (const { path, code } of pathVariants(view.path)) yield { view: { ...view, path }, code }
  const text = percentDecode(view.path)
  if (text !== null && text !== view.path) {
    yield { view: { ...view, path: text }, code: 'path-escape-case' }
    const bare = encodeURI(text.toWellFormed())
    yield { view: { ...view, path: bare }, code: 'path-escape-case' }
  }
}

function* queryEncodings(view: UrlView): Variants {
  yield* mapQuery(view, (piece) => piece.replaceAll('+', '%20'), 'query-plus-for-space')
  yield* mapQuery(view, (piece) => piece.replaceAll('%20', '+'), 'query-plus-for-space')
  yield* mapQuery(view, (piece) => piece.replaceAll('+', '%2B'), 'query-plus-for-space')
  yield* mapQuery(view, (piece) => piece.replace(/%2B/gi, '+'), 'query-plus-for-space')
  yield* mapQuery(view, (piece) => percentDecode(piece) ?? piece, 'query-encoding')
  yield* mapQuery(
    view,
    (piece) => encodeURI((percentDecode(piece) ?? piece).toWellFormed()),
    'query-encoding',
  )
  yield* mapQuery(view, encodeValue, 'query-encoding')
  yield* mapQuery(view, (piece) => piece.replaceAll('%', '%25'), 'query-encoding')
  yield* mapQuery(view, upperEscapes, 'query-encoding')
  if (view.query === null || view.query.length < 2) return
  yield { view: { ...view, query: view.query.toSorted() }, code: 'query-encoding' }
  if (view.query.length > MAX_REORDERED) return
  for (const query of ordersOf(view.query)) {
    yield { view: { ...view, query }, code: 'query-encoding' }
  }
}

/** Every order of a few pieces: some caches sort queries. */
export function* ordersOf(pieces: readonly string[]): Generator<string[]> {
  if (pieces.length < 2) {
    yield [...pieces]
    return
  }
  for (const [index, piece] of pieces.entries()) {
    for (const rest of ordersOf(pieces.toSpliced(index, 1))) yield [piece, ...rest]
  }
}

function encodeValue(piece: string): string {
  const equals = piece.indexOf('=')
  if (equals === -1) return piece
  const value = percentDecode(piece.slice(equals + 1)) ?? piece.slice(equals + 1)
  return piece.slice(0, equals + 1) + encodeURIComponent(value.toWellFormed())
}

function upperEscapes(piece: string): string {
  return piece.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase())
}

function* mapQuery(
  view: UrlView,
  change: (piece: string) => string,
  code: Variant<UrlView>['code'],
): Variants {
  if (view.query === null) return
  const query = view.query.map(change)
  if (query.some((piece, index) => piece !== view.query?.[index])) {
    yield { view: { ...view, query }, code }
  }
}

function* schemes(view: UrlView): Variants {
  const scheme = view.scheme === 'https' ? 'http' : 'https'
  const facts = { signed: scheme, sent: view.scheme }
  yield { view: { ...view, scheme }, code: 'scheme-changed', facts }
}

function* hosts(view: UrlView, request: ObservedRequest): Variants {
  for (const host of hostCandidates(request, view.host)) {
    const isPort = host.replace(/:\d+$/, '') === view.host.replace(/:\d+$/, '')
    const facts = { signed: host, sent: view.host }
    yield { view: { ...view, host }, code: isPort ? 'port-changed' : 'host-changed', facts }
  }
}

function* prefixes(view: UrlView): Variants {
  for (const { path, prefix } of shorterPaths(view.path)) {
    yield { view: { ...view, path }, code: 'proxy-path-prefix', facts: { prefix } }
  }
}
