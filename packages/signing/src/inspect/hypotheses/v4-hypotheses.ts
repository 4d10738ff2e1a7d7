/**
 * The ways in which a request of the fourth signature version is known to differ from what was signed.
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import { withoutLastSlashes } from '../../lib/last-slashes.ts'
import { percentDecode } from '../../lib/percent-encode.ts'
import type { ExplainKey, ObservedRequest } from '../facts/dialect-facts.ts'
import { dispositionForms } from './disposition-forms.ts'
import { hostCandidates, typeCandidates } from './header-candidates.ts'
import type { Hypothesis, Variant } from './hypotheses.ts'
import { encodeLikePath, pathVariants, shorterPaths } from './path-variants.ts'
import { otherSecrets, secretVariants } from './secret-variants.ts'
import { isTrackerParameter } from './trackers.ts'
import { v4Layouts } from './v4-layouts.ts'
import { canonicalPath, safeEncode } from './v4-view.ts'
import type { V4View } from './v4-view.ts'
import { sha256 } from '../../lib/sha256.ts'

type Variants = Generator<Variant<V4View>>

/** What the hypotheses may draw on beside the view. */
export interface V4Evidence {
  readonly request: ObservedRequest
  readonly key: ExplainKey
  readonly keys: readonly ExplainKey[]
  /** `x-amz-` or `x-goog-`: parameters of that kind belong to the scheme. */
  readonly headerPrefix: string
  /** Bucket of a virtual host, if the host names one. */
  readonly bucketOfHost: (host: string) => string | null
  /** Parameters a signer may have had and a layer may have dropped. */
  readonly lostParameters: readonly (readonly [name: string, value: string])[]
}

/** All hypotheses, the likeliest first: the first that fits is named. */
export function v4Hypotheses(evidence: V4Evidence): Hypothesis<V4View>[] {
  return [
    methods,
    (view) => secrets(view, evidence),
    (view) => addedParameters(view, evidence),
    paths,
    (view) => tokens(view, evidence),
    queryEncodings,
    contentTypes,
    signedHeaderForms,
    (view) => hosts(view, evidence),
    (view) => bucketStyles(view, evidence),
    (view) => prefixes(view, evidence),
    (view) => payloads(view, evidence),
    (view) => lostParameters(view, evidence),
    expiries,
    (view) => v4Layouts(view, evidence.request),
  ]
}

const METHODS = ['GET', 'PUT', 'HEAD', 'POST', 'DELETE']

function* methods(view: V4View): Variants {
  for (const method of METHODS) {
    if (method === view.method) continue
    const facts = { signed: method, sent: view.method === '' ? 'another' : view.method }
    yield { view: { ...view, method }, code: 'method-differs', facts }
  }
}

function* secrets(view: V4View, { key, keys }: V4Evidence): Variants {
  for (const { secret, code, facts } of otherSecrets(keys, key)) {
    yield { view: { ...view, secret }, code, facts }
  }
  for (const { secret, code, facts } of secretVariants(view.secret)) {
    yield { view: { ...view, secret }, code, facts }
  }
}

function* paths(view: V4View): Variants {
  for (const { path, code } of pathVariants(view.path)) {
    yield { view: { ...view, path }, code }
    // A signer that takes text encodes what the variant leaves bare.
    const encoded = canonicalPath(path)
    if (encoded !== path) yield { view: { ...view, path: encoded }, code }
  }
  const text = percentDecode(view.path)
  if (text !== null && text !== view.path) {
    yield { view: { ...view, path: text }, code: 'path-escape-case' }
    yield { view: { ...view, path: bareReserved(view.path) }, code: 'path-escape-case' }
  }
}

/** What `encodeURIComponent` and many URL libraries leave unescaped. */
function bareReserved(text: string): string {
  return text.replace(/%(21|27|28|29|2A)/g, (escape) => decodeURIComponent(escape))
}

function* queryEncodings(view: V4View): Variants {
  yield mapQuery(view, bareReserved, 'query-unescaped-reserved')
  yield mapQuery(view, (text) => text.replaceAll('%20', '%2B'), 'query-plus-for-space')
  yield mapQuery(view, (text) => text.replaceAll('%2B', '%20'), 'query-plus-for-space')
  yield mapQuery(view, (text) => text.replaceAll('%20', '+'), 'query-plus-for-space')
  yield mapQuery(view, (text) => percentDecode(text) ?? text, 'query-encoding')
  yield mapQuery(view, (text) => text.replaceAll('%', '%25'), 'query-encoding')
  yield mapQuery(view, decodeTwice, 'url-double-encoded', { where: 'a doubly encoded value' })
  for (const [index, [name, value]] of view.query.entries()) {
    if (!/^response-content|content-disposition|filename/i.test(name)) continue
    const once = percentDecode(value) ?? value
    const forms = dispositionForms(once).map(safeEncode)
    for (const text of [decodeTwice(value), once, safeEncode(value), ...forms]) {
      const query = view.query.with(index, [name, text])
      yield { view: { ...view, query }, code: 'query-encoding', facts: { names: name } }
    }
  }
  for (const form of ['NFC', 'NFD'] as const) {
    yield mapQuery(view, (text) => renormalise(text, form), 'path-unicode-form')
  }
}

function decodeTwice(text: string): string {
  const once = percentDecode(text) ?? text
  return safeEncode(percentDecode(once) ?? once)
}

function renormalise(text: string, form: 'NFC' | 'NFD'): string {
  const once = percentDecode(text)
  return once === null ? text : safeEncode(once.normalize(form))
}

function mapQuery(
  view: V4View,
  change: (text: string) => string,
  code: Variant<V4View>['code'],
  facts?: Variant<V4View>['facts'],
): Variant<V4View> {
  const query = view.query.map(([name, value]) => [name, change(value)] as const)
  return { view: { ...view, query }, code, ...(facts === undefined ? {} : { facts }) }
}

const MAX_REMOVED = 40

function* addedParameters(view: V4View, { headerPrefix }: V4Evidence): Variants {
  const own = view.query.filter(([name]) => !name.toLowerCase().startsWith(headerPrefix))
  const facts = (names: readonly string[]) => ({ names: names.join(', ').slice(0, 200) })
  const trackers = own.filter(([name]) => isTrackerParameter(percentDecode(name) ?? name))
  if (trackers.length > 0) {
    const query = view.query.filter((pair) => !trackers.includes(pair))
    const names = facts(trackers.map(([name]) => name))
    yield { view: { ...view, query }, code: 'tracker-parameters', facts: names }
  }
  for (const pair of own.slice(0, MAX_REMOVED)) {
    const query = view.query.filter((other) => other !== pair)
    yield { view: { ...view, query }, code: 'parameter-added', facts: facts([pair[0]]) }
  }
  for (const pair of view.query) {
    if (
      own.includes(pair) ||
      /-(algorithm|credential|date|expires|signedheaders)$/i.test(pair[0])
    ) {
      continue
    }
    const query = view.query.filter((other) => other !== pair)
    yield { view: { ...view, query }, code: 'parameter-added', facts: facts([pair[0]]) }
  }
  // Layers append at the end: the last parameters together.
  for (let count = 2; count <= Math.min(own.length, MAX_REMOVED); count += 1) {
    const added = own.slice(-count)
    const query = view.query.filter((other) => !added.includes(other))
    const names = added.map(([name]) => name)
    yield { view: { ...view, query }, code: 'parameter-added', facts: facts(names) }
  }
}

function* lostParameters(view: V4View, evidence: V4Evidence): Variants {
  for (const [name, value] of evidence.lostParameters) {
    const pair = [safeEncode(name), safeEncode(value)] as const
    if (view.query.some(([other]) => other === pair[0])) continue
    const query = [...view.query, pair]
    yield { view: { ...view, query }, code: 'parameter-removed', facts: { names: name } }
  }
}

const USUAL_LIVES = [
  60, 120, 180, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600, 28_800, 43_200,
  86_400, 172_800, 259_200, 604_800,
]

function* expiries(view: V4View): Variants {
  const index = view.query.findIndex(([name]) => /-expires$/i.test(name))
  const found = view.query[index]
  if (found === undefined) return
  for (const life of USUAL_LIVES) {
    const query = view.query.with(index, [found[0], String(life)])
    yield { view: { ...view, query }, code: 'parameter-changed', facts: { names: found[0] } }
  }
}

function* contentTypes(view: V4View): Variants {
  if (!view.signedHeaders.includes('content-type')) return
  const sent = view.headers.get('content-type')
  for (const type of typeCandidates(sent, view.path)) {
    const headers = new Map(view.headers).set('content-type', type)
    const code = sent === undefined ? 'header-missing' : 'header-changed'
    yield { view: { ...view, headers }, code, facts: { names: 'content-type' } }
  }
}

function* signedHeaderForms(view: V4View): Variants {
  for (const name of view.signedHeaders) {
    const value = view.headers.get(name)
    if (name === 'host' || value === undefined) continue
    const forms = [
      value.toLowerCase(),
      value.replace(/;.*$/s, ''),
      value.replaceAll(', ', ','),
      value.replaceAll(',', ', '),
      percentDecode(value) ?? value,
      value.replace(/^"(.*)"$/s, '$1'),
    ]
    for (const form of new Set(forms)) {
      if (form === value) continue
      const headers = new Map(view.headers).set(name, form)
      yield { view: { ...view, headers }, code: 'header-changed', facts: { names: name } }
    }
  }
}

function* hosts(view: V4View, { request }: V4Evidence): Variants {
  const sent = view.headers.get('host') ?? ''
  const bucket = sent.replace(/:\d{1,5}$/, '')
  for (const signed of hostCandidates(request, sent)) {
    const headers = new Map(view.headers).set('host', signed)
    // The bucket's own name in front of the store: signed with the bucket in the path.
    const path = encodeLikePath(`/${bucket}`) + view.path
    if (/^s3\.|^storage\./.test(signed)) {
      yield { view: { ...view, headers, path }, code: 'host-changed', facts: { signed, sent } }
    }
    const shorter = signed.endsWith('/') ? null : pathBehind(view.path, signed)
    if (shorter !== null) {
      yield {
        view: { ...view, headers, path: shorter },
        code: 'host-changed',
        facts: { signed, sent },
      }
    }
    const isPort = signed.replace(/:\d+$/, '') === sent.replace(/:\d+$/, '')
    yield {
      view: { ...view, headers },
      code: isPort ? 'port-changed' : 'host-changed',
      facts: { signed, sent },
    }
  }
}

/** The path without the bucket that was signed as a part of the host, or `null`. */
function pathBehind(path: string, host: string): string | null {
  const bucket = host.slice(host.lastIndexOf('/') + 1)
  return host.includes('/') && path.startsWith(`/${bucket}/`) ? path.slice(bucket.length + 1) : null
}

function* bucketStyles(view: V4View, { bucketOfHost }: V4Evidence): Variants {
  const sent = view.headers.get('host') ?? ''
  const bucket = bucketOfHost(sent) ?? sent.split('.', 1)[0] ?? ''
  const bare = sent.slice(bucket.length + 1)
  if (bare.includes('.')) {
    const path = encodeLikePath(`/${bucket}`) + view.path
    const facts = { signed: 'path', sent: 'host' }
    for (const host of [bare, sent]) {
      const headers = new Map(view.headers).set('host', host)
      yield { view: { ...view, headers, path }, code: 'bucket-style-changed', facts }
    }
  }
  for (const { path, prefix } of shorterPaths(view.path)) {
    const headers = new Map(view.headers).set('host', `${prefix.slice(1)}.${sent}`)
    const facts = { signed: 'host', sent: 'path' }
    yield { view: { ...view, headers, path }, code: 'bucket-style-changed', facts }
    return
  }
}

function* prefixes(view: V4View, { request }: V4Evidence): Variants {
  for (const { path, prefix } of shorterPaths(view.path)) {
    yield { view: { ...view, path }, code: 'proxy-path-prefix', facts: { prefix } }
  }
  for (const prefix of prefixCandidates(request)) {
    const path = encodeLikePath(prefix) + view.path
    yield { view: { ...view, path }, code: 'proxy-path-prefix', facts: { prefix } }
  }
}

const USUAL_PREFIXES = ['/s3', '/minio', '/storage', '/files', '/api', '/cdn', '/media', '/assets']

function prefixCandidates(request: ObservedRequest): string[] {
  const forwarded = request.headers
    .filter(([name]) => /^x-(?:forwarded-prefix|script-name|original-uri)$/i.test(name))
    .map(([, value]) => withoutLastSlashes(value))
  const usual = USUAL_PREFIXES.filter((prefix) => !request.url.path.startsWith(`${prefix}/`))
  return [...forwarded, ...usual].filter((prefix) => prefix.startsWith('/')).slice(0, 20)
}

function* payloads(view: V4View, { request, headerPrefix }: V4Evidence): Variants {
  const candidates = new Set(['UNSIGNED-PAYLOAD', hashHex(sha256, '')])
  const announced = view.headers.get(`${headerPrefix}content-sha256`)
  if (announced !== undefined) candidates.add(announced)
  if (request.body !== null) candidates.add(hashHex(sha256, request.body))
  for (const payloadHash of candidates) {
    if (payloadHash === view.payloadHash) continue
    yield { view: { ...view, payloadHash }, code: 'payload-mismatch' }
  }
}

function* tokens(view: V4View, { key, keys, headerPrefix }: V4Evidence): Variants {
  const index = view.query.findIndex(([name]) => /-security-token$/i.test(name))
  const found = view.query[index]
  const known = [key, ...keys].map(({ sessionToken }) => sessionToken ?? '').filter(Boolean)
  if (found === undefined) {
    const name = headerPrefix === 'x-goog-' ? 'X-Goog-Security-Token' : 'X-Amz-Security-Token'
    for (const token of new Set(known)) {
      const query = [...view.query, [name, safeEncode(token)] as const]
      yield { view: { ...view, query }, code: 'session-token-missing', facts: { parameter: name } }
    }
    return
  }
  const sent = percentDecode(found[1]) ?? found[1]
  const others = new Set([sent.replaceAll(' ', '+'), percentDecode(sent) ?? sent, ...known])
  others.delete(sent)
  for (const token of others) {
    const query = view.query.with(index, [found[0], safeEncode(token)])
    yield { view: { ...view, query }, code: 'session-token-changed' }
  }
  const query = view.query.toSpliced(index, 1)
  yield { view: { ...view, query }, code: 'session-token-changed' }
}
