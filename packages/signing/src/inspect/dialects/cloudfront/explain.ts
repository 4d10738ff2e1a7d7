/**
 * Why a CloudFront URL or cookie fails.
 *
 * @module
 */
import type {
  DialectExplanation,
  ExplainContext,
  Finding,
  ObservedResponse,
} from '../../facts/dialect-facts.ts'
import { cookiePairs, headerValue, showText, valuesByName } from '../../facts/detection.ts'
import { ipFindings } from '../../rules/ip-rules.ts'
import { parameterFindings } from '../../rules/parameter-rules.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { readProviderError, serverNow } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { pathVariants } from '../../hypotheses/path-variants.ts'
import { wildcardCost, withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView, urlHypotheses, urlOf } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { RESERVED_NAMES, readCloudFrontPolicy } from './decode.ts'
import { checkCloudFrontSignature } from './explain-signature.ts'
import { coversUrl } from '../../../dialects/cloudfront/policy.ts'

const SINGLE = ['Expires', 'Policy', 'Signature', 'Key-Pair-Id', 'Hash-Algorithm']
/** The shortest DER of an ECDSA signature in base64; RSA ones are far longer. */
const MIN_SIGNATURE = 88

/** Says what is wrong with a request of this dialect. */
export function explainCloudFront(context: ExplainContext): DialectExplanation {
  const { request, detection } = context
  const values = cloudFrontValues(context)
  const error = readProviderError(context.response)
  const policyText = values.get('policy')
  const needed = ['Signature', 'Key-Pair-Id', policyText === undefined ? 'Expires' : 'Policy']
  const checked = checkCloudFrontSignature(context, values)
  const findings = [
    ...(detection.form === 'url'
      ? parameterFindings(request.url, {
          needed,
          single: SINGLE,
          signature: { name: 'Signature', minLength: MIN_SIGNATURE },
        })
      : missingCookies(values, needed)),
    ...signatureForm(values),
    ...timeFindings(detection, serverNow(context)),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...(policyText === undefined ? [] : policyFindings(context, policyText)),
    ...(isOfS3Host(request.url.host) ? [OF_S3] : answerFindings(context, error)),
    ...checked.findings,
  ]
  return { ...checked, findings }
}

/** The values of the signature by lower-case name, from the query or from cookies. */
function cloudFrontValues(context: ExplainContext): Map<string, string> {
  if (context.detection.form === 'url') return valuesByName(context.request.url.parameters)
  const values = new Map<string, string>()
  for (const [name, value] of cookiePairs(context.request)) {
    if (name.startsWith('CloudFront-')) values.set(name.slice(11).toLowerCase(), value)
  }
  return values
}

function missingCookies(values: ReadonlyMap<string, string>, needed: readonly string[]): Finding[] {
  const lost = needed.filter((name) => !values.has(name.toLowerCase()))
  if (lost.length === 0) return []
  const names = lost.map((name) => `CloudFront-${name}`).join(', ')
  return [{ code: 'parameter-missing', confidence: 0.95, facts: { names } }]
}

function signatureForm(values: ReadonlyMap<string, string>): Finding[] {
  const signature = values.get('signature')
  if (signature === undefined || signature === '') return []
  const alphabet =
    'CloudFront wants - for +, _ for = and ~ for / in the base64 of signature and policy.'
  // A blank is a plus that went through a form decoder.
  if (/[+/= ]/.test(signature) || /[+/=]/.test(values.get('policy') ?? '')) {
    return [{ code: 'signature-alphabet', confidence: 0.96, facts: { alphabet } }]
  }
  const isPossible = /^[A-Za-z0-9\-~]+_{0,2}$/.test(signature) && signature.length % 4 === 0
  if (isPossible) return []
  const reason = 'it is not base64 in the alphabet of CloudFront, or was cut'
  return [{ code: 'signature-malformed', confidence: 0.9, facts: { reason } }]
}

function policyFindings(context: ExplainContext, text: string): Finding[] {
  if (/[+/= ]/.test(text)) return []
  const policy = readCloudFrontPolicy(text)
  if (policy === null) {
    const reason = 'it is not JSON in the base64 of CloudFront'
    return [{ code: 'policy-malformed', confidence: 0.95, facts: { reason } }]
  }
  if (policy.statements > 1) {
    const reason = `CloudFront takes one statement, and it has ${policy.statements}`
    return [{ code: 'policy-malformed', confidence: 0.98, facts: { reason } }]
  }
  if (policy.expiresAt === null) {
    const reason = 'DateLessThan is missing or no whole number'
    return [{ code: 'policy-malformed', confidence: 0.94, facts: { reason } }]
  }
  return coverageFindings(context, policy.resource)
}

/** The Resource must cover the URL as sent; if another spelling of the URL is covered, that is the cause. */
function coverageFindings(context: ExplainContext, resource: string | null): Finding[] {
  const { request, keys, budget } = context
  const view = toUrlView(request, RESERVED_NAMES)
  if (resource === null || resource.length > 8192 || view.path.length > 16_384) return []
  if (coversUrl(resource, urlOf(view))) return []
  const cost = wildcardCost(resource, urlOf(view))
  const covers = withinBudget(budget, cost, (changed: UrlView) =>
    coversUrl(resource, urlOf(changed)),
  )
  const hypotheses = urlHypotheses({ request, key: {}, keys, hasOrigin: true, hasQuery: true })
  for (const hypothesis of hypotheses) {
    for (const { view: changed, code, facts } of hypothesis(view)) {
      if (!covers(changed)) continue
      return [{ code, confidence: 0.94, ...(facts === undefined ? {} : { facts }) }]
    }
  }
  for (const { path, code } of pathVariants(resource)) {
    if (budget.take(cost) && coversUrl(path, urlOf(view))) return [{ code, confidence: 0.93 }]
  }
  const facts = { granted: showText(resource.split('?', 1)[0] ?? '', 200) }
  return [{ code: 'resource-mismatch', confidence: 0.94, facts }]
}

const ANSWERS: readonly (readonly [code: string, finding: Finding])[] = [
  ['MissingKey', { code: 'parameter-missing', confidence: 0.97, facts: { names: 'Key-Pair-Id' } }],
  [
    'MalformedSignature',
    {
      code: 'signature-malformed',
      confidence: 0.9,
      facts: { reason: 'CloudFront cannot decode it' },
    },
  ],
  [
    'MalformedPolicy',
    { code: 'policy-malformed', confidence: 0.8, facts: { reason: 'CloudFront cannot read it' } },
  ],
]

/** A store itself knows nothing of the signatures of a CDN in front of it. */
function isOfS3Host(host: string): boolean {
  return /(?:^|\.)s3[.-](?:[a-z0-9.-]{1,60}\.)?amazonaws\.com(?:\.cn)?$/i.test(host)
}

const OF_S3: Finding = {
  code: 'service-other',
  confidence: 0.97,
  facts: { service: 'CloudFront', store: 'S3' },
}

/** CloudFront misses the key id that the URL has. */
function lostKeyId(error: ProviderError, keyId: string | null): Finding | null {
  if (error.code !== 'MissingKey' || keyId === null) return null
  const facts = { names: 'Key-Pair-Id is in the URL, and did not reach CloudFront' }
  return { code: 'parameter-removed', confidence: 0.9, facts }
}

function answerFindings(
  { response, detection, request }: ExplainContext,
  error: ProviderError | null,
): Finding[] {
  if (error === null || response === null) return []
  const evidence = showText(`the answer was ${error.status ?? ''} ${error.code}`, 120)
  const said = { source: 'answer', evidence } as const
  if (error.code === 'InvalidKey' || /unknown key/i.test(error.message)) {
    const facts = { keyId: detection.keyId ?? 'of the URL' }
    return [{ code: 'key-unknown', confidence: 0.97, facts, ...said }]
  }
  const lost = lostKeyId(error, detection.keyId)
  if (lost !== null) return [{ ...lost, ...said }]
  const found = ANSWERS.find(([code]) => code === error.code)?.[1]
  if (found !== undefined) return [{ ...found, ...said }]
  if (isOfOrigin(response, error)) return [{ code: 'origin-refused', confidence: 0.94, ...said }]
  if (error.code !== 'AccessDenied') return []
  const isOfClock = /not yet valid|expired/i.test(error.message)
  return isOfClock || request.url.text === ''
    ? []
    : [{ code: 'signature-mismatch', confidence: 0.35 }]
}

/**
 * CloudFront's own error has a code and a message, `Access denied` with a small d. What the origin answers keeps its
 * marks: S3's ids of request and host, and the name of the server.
 */
function isOfOrigin(response: ObservedResponse, error: ProviderError): boolean {
  const isOfS3 = error.elements.has('RequestId') && error.elements.has('HostId')
  const server = headerValue(response, 'server') ?? ''
  const isServer = server !== '' && !/^cloudfront$/i.test(server)
  return (isOfS3 || isServer) && error.status !== null && error.status >= 400
}
