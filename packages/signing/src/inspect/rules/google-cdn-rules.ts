/**
 * Why a signed URL, prefix or cookie of Google's two CDN products fails. They differ in the signature only.
 *
 * @module
 */
import type { ExplainContext, ExplainKey, Finding } from '../facts/dialect-facts.ts'
import { resourceText, showText, valuesByName } from '../facts/detection.ts'
import { isBelowUrlPrefix } from '../../lib/google-cdn.ts'
import { searchHypotheses } from '../hypotheses/hypotheses.ts'
import { parameterFindings } from './parameter-rules.ts'
import { toUrlView, urlHypotheses, urlOf } from '../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../hypotheses/url-hypotheses.ts'

const RESERVED: ReadonlySet<string> = new Set(['expires', 'keyname', 'signature', 'urlprefix'])
const SINGLE = ['URLPrefix', 'Expires', 'KeyName', 'Signature']

/** Missing, doubled and misplaced parameters, and what the prefix does not cover. */
export function googleCdnQueryFindings(
  { request, detection }: ExplainContext,
  minSignatureLength: number,
): Finding[] {
  const { url } = request
  const findings = parameterFindings(url, {
    needed: ['Expires', 'KeyName', 'Signature'],
    single: SINGLE,
    signature: { name: 'Signature', minLength: minSignatureLength },
  })
  const at = url.parameters.findIndex(({ name }) => name === 'Signature')
  const after = at === -1 ? [] : url.parameters.slice(at + 1).map(({ name }) => name)
  if (detection.scheme !== 'signed prefix' && after.length > 0 && !hasPrefix(request)) {
    const facts = { names: showText(after.join(', '), 200) }
    findings.push({ code: 'parameter-after-signature', confidence: 0.95, facts })
  }
  return [...findings, ...prefixFindings(request, detection.resource)]
}

function hasPrefix(request: ExplainContext['request']): boolean {
  return request.url.parameters.some(({ name }) => name === 'URLPrefix')
}

/** The prefix, where there is one, must be the beginning of the URL. */
export function prefixFindings(
  request: ExplainContext['request'],
  resource: ExplainContext['detection']['resource'],
): Finding[] {
  const { url } = request
  if (resource.scope !== 'prefix' || !/^https?:\/\//.test(resource.text)) return []
  const whole = `${url.scheme ?? 'https'}://${url.host}${url.port === '' ? '' : `:${url.port}`}${url.path}`
  if (isBelowUrlPrefix(whole, resource.text)) return []
  const other = whole.replace(/^https?/, (scheme) => (scheme === 'https' ? 'http' : 'https'))
  if (isBelowUrlPrefix(other, resource.text)) {
    const facts = { signed: other.split(':', 1)[0] ?? '', sent: url.scheme ?? 'https' }
    return [{ code: 'scheme-changed', confidence: 0.95, facts }]
  }
  const facts = { granted: `URLs that begin with ${showText(resource.text, 120)}` }
  return [{ code: 'resource-mismatch', confidence: 0.95, facts, evidence: resourceText(url) }]
}

/** Whether the signature fits a text under a key; `null`: cannot be told. */
export type FitsText = (text: string, secret: string) => boolean

/** Tries the URL as it stands, then every hypothesis. `cost`: what a test costs beside the bytes of its text. */
export function checkGoogleCdnUrl(
  context: ExplainContext,
  key: ExplainKey,
  { fits: fitsText, cost: costOfTest }: { readonly fits: FitsText; readonly cost: number },
): { signature: 'valid' | 'invalid'; findings: Finding[] } {
  const { request, keys, budget } = context
  const values = valuesByName(request.url.parameters)
  const expires = values.get('expires') ?? ''
  const keyName = values.get('keyname') ?? ''
  const secret = key.secret ?? ''
  const fits: FitsText = (text, other) =>
    budget.take(text.length + costOfTest) && fitsText(text, other)
  const prefix = request.url.parameters.find(({ name }) => name === 'URLPrefix')?.rawValue
  if (prefix !== undefined) {
    const text = `URLPrefix=${prefix}&Expires=${expires}&KeyName=${keyName}`
    return fits(text, secret) ? valid() : invalid([])
  }
  const textOf = (view: UrlView): string => {
    const url = urlOf(view)
    return `${url}${url.includes('?') ? '&' : '?'}Expires=${expires}&KeyName=${keyName}`
  }
  const view = { ...toUrlView(request, RESERVED), secret }
  if (fits(textOf(view), secret)) return valid()
  const findings = searchHypotheses({
    view,
    hypotheses: urlHypotheses({
      request,
      key,
      keys,
      hasOrigin: true,
      hasQuery: true,
      secretReading: 'base64url',
    }),
    fits: (changed) => fits(textOf(changed), changed.secret),
    cost: textOf(view).length + costOfTest,
    budget,
  })
  return invalid(findings)
}

function valid(): { signature: 'valid'; findings: Finding[] } {
  return { signature: 'valid', findings: [] }
}

function invalid(findings: Finding[]): { signature: 'invalid'; findings: Finding[] } {
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  return { signature: 'invalid', findings: findings.length > 0 ? findings : [mismatch] }
}
