/**
 * Why an Akamai EdgeAuth token fails.
 *
 * @module
 */
import { fromHex, utf8 } from '../../../lib/bytes.ts'
import { equalText } from '../../../lib/constant-time.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ExplainKey,
  Finding,
} from '../../facts/dialect-facts.ts'
import { showText } from '../../facts/detection.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import { md5 } from '../../../lib/md5.ts'
import type { BlockHash } from '../../../lib/merkle-damgard.ts'
import { sha1 } from '../../../lib/sha1.ts'
import { sha256 } from '../../../lib/sha256.ts'
import { ipFindings } from '../../rules/ip-rules.ts'
import { searchHypotheses } from '../../hypotheses/hypotheses.ts'
import { withWriting } from '../../hypotheses/mac-writing.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { wildcardCost, withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import { matchesWildcard } from '../../../lib/path-scope.ts'
import type { AkamaiToken } from './decode.ts'
import { findAkamaiToken } from './decode.ts'
import { escapeEarly, formatAkamaiText } from '../../../dialects/akamai/string-to-sign.ts'

/** By the number of hex digits of the MAC. */
const HASHES: Readonly<Record<number, BlockHash>> = { 32: md5, 40: sha1, 64: sha256 }

/** Says what is wrong with a request of this dialect. */
export function explainAkamai(context: ExplainContext): DialectExplanation {
  const token = findAkamaiToken(context.request)
  if (token === null) return { findings: [], signature: 'unchecked' }
  const { detection, request } = context
  const visible = [
    ...timeFindings(detection, serverNow(context)),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...aclFindings(context, token),
    ...macFindings(token),
  ]
  const checked = check(context, token)
  return { ...checked, findings: [...visible, ...checked.findings] }
}

function aclFindings({ request, budget }: ExplainContext, { fields }: AkamaiToken): Finding[] {
  const acl = fields.get('acl')
  if (acl === undefined) return []
  const path = request.url.path.slice(0, 4096)
  if (!budget.take(2 * wildcardCost(acl, path))) return []
  const patterns = [acl, percentDecode(acl) ?? acl].flatMap((text) => text.split('!', 50))
  if (patterns.some((pattern) => matchesWildcard(pattern, path))) return []
  return [{ code: 'resource-mismatch', confidence: 0.95, facts: { granted: showText(acl, 200) } }]
}

function macFindings({ fields, text }: AkamaiToken): Finding[] {
  const mac = fields.get('hmac')
  if (mac === undefined) {
    return [{ code: 'parameter-missing', confidence: 0.95, facts: { names: 'hmac' } }]
  }
  if (/^[0-9a-f]+$/.test(mac) && HASHES[mac.length] !== undefined) return []
  if (text.endsWith(mac) && mac.length < 64 && /^[0-9a-f]*$/.test(mac)) {
    return [{ code: 'url-truncated', confidence: 0.94, facts: { where: 'the token' } }]
  }
  const reason = 'it is not 32, 40 or 64 hex digits'
  return [{ code: 'signature-malformed', confidence: 0.93, facts: { reason } }]
}

function check(context: ExplainContext, token: AkamaiToken): DialectExplanation {
  const mac = token.fields.get('hmac') ?? ''
  const hash = HASHES[mac.length]
  const end = token.text.lastIndexOf('~hmac=')
  const keys = keysFor(context.keys, 'akamai', null).filter(({ secret }) => Boolean(secret))
  if (hash === undefined || !/^[0-9a-f]+$/.test(mac) || end === -1 || keys.length === 0) {
    return { findings: [], signature: 'unchecked' }
  }
  const signed = token.text.slice(0, end)
  const isUrlToken = !token.fields.has('acl')
  const computed: string[] = []
  const cost = context.request.url.text.length * 6
  const fits = withinBudget(context.budget, cost, (view: UrlView): boolean => {
    const key = prepareHmacKey(hash, fromHex(view.secret) ?? utf8(view.secret))
    return textsOf(signed, view, isUrlToken).some((text) => {
      const expected = hmacHex(key, text)
      if (computed.length < 8) computed.push(expected)
      return equalText(expected, mac)
    })
  })
  if (isCut(mac, textsOf(signed, startOf(context, token), isUrlToken), keys)) {
    const facts = { where: 'the token' }
    return { findings: [{ code: 'url-truncated', confidence: 0.97, facts }], signature: 'invalid' }
  }
  const found = search(context, keys, token.name, fits)
  return withWriting({ ...found, computed }, mac, 'lower-case hex')
}

function startOf({ request }: ExplainContext, { name }: AkamaiToken): UrlView {
  return toUrlView(request, new Set([name.toLowerCase()]))
}

/** A MAC of SHA-256 that was cut to the length of another hash. */
function isCut(mac: string, texts: readonly string[], keys: readonly ExplainKey[]): boolean {
  if (mac.length >= 64) return false
  return keys.some(({ secret = '' }) => {
    const key = prepareHmacKey(sha256, fromHex(secret) ?? utf8(secret))
    return texts.some((text) => hmacHex(key, text).startsWith(mac))
  })
}

function textsOf(signed: string, view: UrlView, isUrlToken: boolean): string[] {
  if (!isUrlToken) return [signed, formatAkamaiText(signed, null, '')]
  const query = view.query === null ? '' : `?${view.query.join('&')}`
  const paths = [view.path, percentDecode(view.path) ?? view.path]
  return paths.flatMap((path) => [
    formatAkamaiText(signed, (path + query).toWellFormed(), ''),
    formatAkamaiText(signed, escapeEarly((path + query).toWellFormed()), ''),
    formatAkamaiText(signed, escapeEarly(path.toWellFormed()), ''),
  ])
}

function search(
  context: ExplainContext,
  keys: readonly ExplainKey[],
  tokenName: string,
  fits: (view: UrlView) => boolean,
): DialectExplanation {
  const { request } = context
  const view = toUrlView(request, new Set([tokenName.toLowerCase()]))
  for (const key of keys) {
    if (fits({ ...view, secret: key.secret ?? '' })) return { findings: [], signature: 'valid' }
  }
  for (const key of keys) {
    const findings = searchHypotheses({
      view: { ...view, secret: key.secret ?? '' },
      hypotheses: urlHypotheses({
        request,
        key,
        keys: context.keys,
        hasQuery: true,
        secretReading: 'hex',
      }),
      fits,
      cost: request.url.text.length * 6,
      budget: context.budget,
    })
    if (findings.length > 0) return { findings, signature: 'invalid' }
  }
  return { findings: [{ code: 'key-mismatch', confidence: 0.5 }], signature: 'invalid' }
}
