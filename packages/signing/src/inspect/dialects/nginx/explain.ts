/**
 * Why an nginx secure_link URL fails. What is hashed is the operator's own expression, so beside the one given
 * the usual ones are tried.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import { headerValue } from '../../facts/detection.ts'
import type { Variant } from '../../hypotheses/hypotheses.ts'
import type {
  DialectExplanation,
  ExplainContext,
  Finding,
  ObservedRequest,
} from '../../facts/dialect-facts.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { writingFindings } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import type { SecureLink } from './decode.ts'
import { findSecureLink } from './decode.ts'
import { hashNginxText } from '../../../dialects/nginx/string-to-sign.ts'

const RESERVED: ReadonlySet<string> = new Set(['md5', 'expires'])
/** `SECRET` stands for the key: the forms that documentation and tutorials show. */
const USUAL_EXPRESSIONS: readonly string[] = [
  '$secure_link_expires$uri$remote_addr SECRET',
  '$secure_link_expires$uri SECRET',
  '$secure_link_expires$uriSECRET',
  'SECRET$uri$secure_link_expires',
  '$uri$secure_link_expiresSECRET',
  '$uri SECRET',
  'SECRET$secure_link_expires$uri',
  '$secure_link_expires$uri$remote_addrSECRET',
]

/** Says what is wrong with a request of this dialect. */
export function explainNginx(context: ExplainContext): DialectExplanation {
  const link = findSecureLink(context.request)
  if (link === null) return { findings: [], signature: 'unchecked' }
  const visible = [...timeFindings(context.detection, serverNow(context)), ...formFindings(link)]
  const checked = check(context, link)
  return { ...checked, findings: [...visible, ...checked.findings] }
}

function formFindings({ hash, expires }: SecureLink): Finding[] {
  const findings: Finding[] = []
  if (expires === null) {
    findings.push({ code: 'parameter-missing', confidence: 0.6, facts: { names: 'expires' } })
  }
  if (/[+/ ]/.test(hash.value)) {
    const facts = { alphabet: 'nginx wants base64url without padding: - for +, _ for /.' }
    findings.push({ code: 'signature-alphabet', confidence: 0.95, facts })
  }
  return findings
}

function check(context: ExplainContext, link: SecureLink): DialectExplanation {
  const keys = keysFor(context.keys, 'nginx', null).filter(({ secret }) => Boolean(secret))
  if (keys.length === 0) return { findings: [], signature: 'unchecked' }
  const sent = link.hash.value
    .replaceAll(' ', '+')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
  const computed: string[] = []
  const { request } = context
  const cost = request.url.text.length + 100
  const createTest = (expression: string) =>
    withinBudget(context.budget, cost, (view: UrlView) => {
      const expected = hashNginxText(expand(expression, view, link, request))
      if (computed.length < 4) computed.push(expected)
      return equalText(expected, sent)
    })
  for (const key of keys) {
    const secret = key.secret ?? ''
    const view = { ...toUrlView(request, RESERVED), secret }
    const expression = templateOf(key.expression, secret)
    const fits = createTest(expression)
    if (fits(view)) return { findings: [], signature: 'valid', computed }
    const written = writingFindings(computed, link.hash.value, 'base64url without padding')
    if (written.length > 0) return { findings: written, signature: 'invalid', computed }
    const others = [...USUAL_EXPRESSIONS, ...otherOrders(expression)]
    const other = others.find((usual) => usual !== expression && createTest(usual)(view))
    if (other !== undefined) return { ...differs(key.expression, other), computed }
    const findings = searchHypotheses({
      view,
      hypotheses: [...urlHypotheses({ request, key, keys: context.keys }), otherTexts],
      fits,
      cost,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid', computed }
  }
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  return { findings: [mismatch], signature: 'invalid', computed }
}

/** Without an expression the documented one is assumed; then finding another says nothing against the URL. */
function differs(given: string | undefined, found: string): DialectExplanation {
  if (given === undefined) return { findings: [], signature: 'valid' }
  const finding: Finding = {
    code: 'expression-differs',
    confidence: 0.97,
    facts: { expression: found },
  }
  return { findings: [finding], signature: 'invalid' }
}

function templateOf(expression: string | undefined, secret: string): string {
  if (expression === undefined) return USUAL_EXPRESSIONS[1] ?? ''
  return secret === '' ? expression : expression.replaceAll(secret, 'SECRET')
}

const MAX_PIECES = 5

/** The same pieces in another order, and with one of them left out. */
function otherOrders(expression: string): string[] {
  const pieces = expression.match(/\$\{?\w+\}?|SECRET|[^$S]+|S/g) ?? []
  const own = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '')
  if (own.length > MAX_PIECES) return []
  const lists = [own, ...own.map((_, index) => own.toSpliced(index, 1))]
  return lists.flatMap((list) =>
    ordersOf(list).flatMap((order) => [order.join(''), order.join(' '), beforeSecret(order)]),
  )
}

/** As the documentation writes it: a blank in front of the secret alone. */
function beforeSecret(order: readonly string[]): string {
  return order.join('').replace(/(?!^)SECRET/, ' SECRET')
}

function ordersOf(pieces: readonly string[]): string[][] {
  if (pieces.length < 2) return [[...pieces]]
  return pieces.flatMap((piece, index) =>
    ordersOf(pieces.toSpliced(index, 1)).map((rest) => [piece, ...rest]),
  )
}

/** What people hash in the place of `$uri`: no slash in front, the query too, the whole URL, the name alone. */
function* otherTexts(view: UrlView): Generator<Variant<UrlView>> {
  const query = view.query === null ? '' : `?${view.query.join('&')}`
  const { path, host } = view
  const code = 'path-changed'
  const withoutName = path.slice(0, path.lastIndexOf('/'))
  const texts: readonly (readonly [text: string, as: string])[] = [
    [path.slice(1), 'it was signed without the slash in front'],
    [`https://${host}${path}`, 'the whole URL was signed'],
    [`http://${host}${path}`, 'the whole URL was signed'],
    [`${host}${path}`, 'it was signed with the host in front'],
    [`${path}${query}`, 'it was signed together with the query'],
    [`https://${host}${path}${query}`, 'the whole URL was signed'],
    [path.slice(path.lastIndexOf('/') + 1), 'the name of the file alone was signed'],
    [`${withoutName}/`, 'the folder alone was signed'],
    [withoutName, 'the folder alone was signed'],
    [path.slice(Math.max(path.indexOf('/', 1), 0)), 'it was signed without its first folder'],
  ]
  for (const [text, as] of texts) {
    yield { view: { ...view, path: text }, code, facts: { as: `: ${as}` } }
  }
}

function expand(
  expression: string,
  view: UrlView,
  link: SecureLink,
  request: ObservedRequest,
): string {
  return expression
    .replaceAll('SECRET', () => view.secret)
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, plain?: string) =>
      valueOf(braced ?? plain ?? '', view, link, request),
    )
}

function valueOf(name: string, view: UrlView, link: SecureLink, request: ObservedRequest): string {
  const { url } = request
  const path = percentDecode(view.path) ?? view.path
  const query = url.query ?? ''
  const plain: Readonly<Record<string, string | undefined>> = {
    secret: view.secret,
    secure_link_expires: link.expires?.value,
    uri: path,
    document_uri: path,
    request_uri: query === '' ? url.path : `${url.path}?${query}`,
    remote_addr: request.clientIp ?? undefined,
    host: view.host.replace(/:\d{1,5}$/, ''),
    http_host: view.host,
    scheme: view.scheme,
    request_method: request.method ?? 'GET',
    args: query,
    query_string: query,
  }
  return plain[name] ?? ofRequest(name.toLowerCase(), request)
}

/** `$arg_name` and `$http_name`; other variables are empty here. */
function ofRequest(name: string, request: ObservedRequest): string {
  if (name.startsWith('arg_')) {
    const { parameters } = request.url
    return parameters.find(({ rawName }) => rawName.toLowerCase() === name.slice(4))?.rawValue ?? ''
  }
  if (!name.startsWith('http_')) return ''
  return headerValue(request, name.slice(5).replaceAll('_', '-')) ?? ''
}
