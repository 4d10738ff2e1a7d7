/**
 * Why an nginx secure_link URL fails. What is hashed is the operator's own expression, so beside the one given
 * the usual ones are tried.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { timeFindings } from '../../rules/time-rules.ts'
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
  const visible = [...timeFindings(context.detection, context.now), ...formFindings(link)]
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
  const createTest = (expression: string) => (view: UrlView) => {
    const text = expand(expression, view, link, request.clientIp ?? '')
    const expected = hashNginxText(text)
    if (computed.length < 4) computed.push(expected)
    return equalText(expected, sent)
  }
  for (const key of keys) {
    const secret = key.secret ?? ''
    const view = { ...toUrlView(request, RESERVED), secret }
    const expression = templateOf(key.expression, secret)
    const fits = createTest(expression)
    if (fits(view)) return { findings: [], signature: 'valid', computed }
    const other = USUAL_EXPRESSIONS.find((usual) => usual !== expression && createTest(usual)(view))
    if (other !== undefined) return { ...differs(key.expression, other), computed }
    const findings = searchHypotheses({
      view,
      hypotheses: urlHypotheses({ request, key, keys: context.keys }),
      fits,
      cost: request.url.text.length + 100,
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

function expand(expression: string, view: UrlView, link: SecureLink, clientIp: string): string {
  return expression
    .replaceAll('SECRET', () => view.secret)
    .replace(/\$\{?(secure_link_expires|uri|remote_addr|host|scheme)\}?/g, (_, name: string) => {
      if (name === 'secure_link_expires') return link.expires?.value ?? ''
      if (name === 'uri') return percentDecode(view.path) ?? view.path
      return name === 'remote_addr' ? clientIp : name === 'host' ? view.host : view.scheme
    })
}
