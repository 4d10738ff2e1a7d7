/**
 * Why a Swift temporary URL fails. Swift answers every fault with the same 401, so the key tells most.
 *
 * @module
 */
import { fromBase64, fromBase64Url, toHex } from '../../../lib/bytes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { showText, valuesByName } from '../../facts/detection.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import type { BlockHash } from '../../../lib/merkle-damgard.ts'
import { sha1 } from '../../../lib/sha1.ts'
import { sha256 } from '../../../lib/sha256.ts'
import { sha512 } from '../../../lib/sha512.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { withWriting } from '../../hypotheses/mac-writing.ts'
import { ipFindings } from '../../rules/ip-rules.ts'
import { parameterFindings } from '../../rules/parameter-rules.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import { parseSwiftTime } from './decode.ts'

const HASHES: Readonly<Record<number, BlockHash>> = { 40: sha1, 64: sha256, 128: sha512 }
const NAMED_HASHES: Readonly<Record<string, BlockHash>> = { sha1, sha256, sha512 }
const RESERVED: ReadonlySet<string> = new Set([
  'temp_url_sig',
  'temp_url_expires',
  'temp_url_prefix',
  'temp_url_ip_range',
  'filename',
  'inline',
])

/** Says what is wrong with a request of this dialect. */
export function explainSwift(context: ExplainContext): DialectExplanation {
  const { request, detection } = context
  const values = valuesByName(request.url.parameters)
  const names = ['temp_url_sig', 'temp_url_expires']
  const visible = [
    ...parameterFindings(request.url, { needed: names, single: names }),
    ...timeForm(values),
    ...timeFindings(detection, serverNow(context)),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...coverage(request.url.path, values),
    ...signatureForm(context, values),
  ]
  const checked = check(context, values)
  return { ...checked, findings: [...visible, ...checked.findings] }
}

function timeForm(values: ReadonlyMap<string, string>): Finding[] {
  const text = values.get('temp_url_expires')
  if (text === undefined || parseSwiftTime(text) !== null) return []
  const facts = { names: 'temp_url_expires', reason: 'it is neither epoch seconds nor an ISO time' }
  return [{ code: 'parameter-malformed', confidence: 0.95, facts }]
}

function coverage(path: string, values: ReadonlyMap<string, string>): Finding[] {
  const prefix = values.get('temp_url_prefix')
  if (prefix === undefined) return []
  const object = (percentDecode(path) ?? path).split('/').slice(4).join('/')
  if (object.startsWith(prefix)) return []
  const facts = { granted: `objects that begin with ${showText(prefix, 100)}` }
  return [{ code: 'resource-mismatch', confidence: 0.95, facts }]
}

function signatureForm(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const signature = values.get('temp_url_sig')
  if (signature === undefined || macOf(signature) !== null) return []
  const isLast = request.url.parameters.at(-1)?.name === 'temp_url_sig'
  if (isLast && /^[0-9a-f]*$/i.test(signature) && signature.length < 128) {
    return [{ code: 'url-truncated', confidence: 0.9, facts: { where: 'the signature' } }]
  }
  const reason = 'it is not 40, 64 or 128 hex digits, nor a hash name and base64'
  return [{ code: 'signature-malformed', confidence: 0.93, facts: { reason } }]
}

/** The hash and the hex digits of a signature in either spelling, or `null`. */
function macOf(signature: string): { hash: BlockHash; hex: string } | null {
  const named = /^(sha1|sha256|sha512):(.{1,200})$/.exec(signature)
  if (named !== null) {
    const text = (named[2] ?? '').replaceAll(' ', '+')
    const bytes = fromBase64(text) ?? fromBase64Url(text)
    const hash = NAMED_HASHES[named[1] ?? '']
    return bytes === null || hash === undefined ? null : { hash, hex: toHex(bytes) }
  }
  const hash = /^[0-9a-f]+$/i.test(signature) ? HASHES[signature.length] : undefined
  return hash === undefined ? null : { hash, hex: signature.toLowerCase() }
}

function check(context: ExplainContext, values: ReadonlyMap<string, string>): DialectExplanation {
  const mac = macOf(values.get('temp_url_sig') ?? '')
  const expires = parseSwiftTime(values.get('temp_url_expires'))
  const keys = keysFor(context.keys, 'swift', null).filter(({ secret }) => Boolean(secret))
  if (mac === null || expires === null || keys.length === 0) {
    return { findings: [], signature: 'unchecked' }
  }
  const seconds = String(expires.getTime() / 1000)
  const computed: string[] = []
  const cost = context.request.url.path.length + 200
  const fits = withinBudget(context.budget, cost, (view: UrlView): boolean => {
    const key = prepareHmacKey(mac.hash, view.secret)
    return methodsOf(view.method).some((method) => {
      const expected = hmacHex(key, textOf(method, seconds, view.path, values))
      if (computed.length < 4) computed.push(expected)
      return equalText(expected, mac.hex)
    })
  })
  const { request } = context
  const view = toUrlView(request, RESERVED)
  for (const key of keys) {
    const start = { ...view, secret: key.secret ?? '' }
    if (fits(start)) return { findings: [], signature: 'valid', computed }
    const findings = searchHypotheses({
      view: start,
      hypotheses: urlHypotheses({ request, key, keys: context.keys, hasMethod: true }),
      fits,
      cost,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid', computed }
  }
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  const found = { findings: [mismatch], signature: 'invalid', computed } as const
  return withWriting(found, mac.hex, 'lower-case hex')
}

/** A signature for GET, PUT or POST also opens HEAD; without a method any may have been meant. */
function methodsOf(method: string): string[] {
  if (method === '') return ['GET', 'PUT', 'POST', 'HEAD', 'DELETE']
  return method === 'HEAD' ? ['HEAD', 'GET', 'PUT', 'POST'] : [method]
}

function textOf(
  method: string,
  seconds: string,
  rawPath: string,
  values: ReadonlyMap<string, string>,
): string {
  const path = percentDecode(rawPath) ?? rawPath
  const prefix = values.get('temp_url_prefix')
  const ip = values.get('temp_url_ip_range')
  const target = prefix === undefined ? path : `prefix:${path.split('/', 4).join('/')}/${prefix}`
  const head = ip === undefined ? '' : `ip=${ip}\n`
  return `${head}${method}\n${seconds}\n${target}`
}
