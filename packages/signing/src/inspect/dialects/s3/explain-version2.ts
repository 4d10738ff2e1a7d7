/**
 * Why an S3 URL with a signature of version 2 fails. The verifier takes none of them; many stores still do, and say
 * when such a signature does not fit.
 *
 * @module
 */
import { equalText } from '../../../lib/constant-time.ts'
import { hmacBase64, prepareHmacKey } from '../../../lib/hmac.ts'
import { sha1 } from '../../../lib/sha1.ts'
import { headerValue, valuesByName } from '../../facts/detection.ts'
import type {
  DialectExplanation,
  ExplainContext,
  Finding,
  ObservedRequest,
} from '../../facts/dialect-facts.ts'
import { typeCandidates } from '../../hypotheses/header-candidates.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { methodFindings } from '../../rules/header-rules.ts'
import { readProviderError, saysSignatureMismatch } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { checkUrlText } from '../../schemes/checks/check-url-text.ts'

const RESERVED: ReadonlySet<string> = new Set(['awsaccesskeyid', 'expires', 'signature'])
/** Parameters that belong to the resource; all others are not signed. */
const SUB_RESOURCE =
  /^(?:acl|cors|delete|lifecycle|location|logging|notification|partNumber|policy|requestPayment|restore|tagging|torrent|uploadId|uploads|versionId|versioning|versions|website|response-(?:cache-control|content-(?:disposition|encoding|language|type)|expires))$/

/** Says what is wrong with a URL of version 2. */
export function explainVersion2(context: ExplainContext): DialectExplanation {
  const { request, detection, now, response } = context
  const error = readProviderError(response)
  const values = valuesByName(request.url.parameters)
  const isRefused = error?.code === 'InvalidRequest' || error?.code === 'InvalidArgument'
  // Who compared the signature takes its version.
  const confidence = isRefused ? 0.97 : saysSignatureMismatch(error) ? 0.35 : 0.9
  const visible: Finding[] = [
    { code: 'sigv2-refused', confidence },
    ...timeFindings(detection, error?.serverTime ?? now),
    ...methodFindings(request, detection.methods),
    ...textFindings(values),
  ]
  const checked = checkSignature(context, (values.get('signature') ?? '').replaceAll(' ', '+'))
  const told =
    checked.signature === 'unchecked' && saysSignatureMismatch(error)
      ? unseen(request)
      : checked.findings
  return { ...checked, findings: [...visible, ...told] }
}

function textFindings(values: ReadonlyMap<string, string>): Finding[] {
  const signature = values.get('signature')
  if (signature === undefined || !values.has('expires')) {
    return [{ code: 'url-truncated', confidence: 0.95, facts: { where: 'the query' } }]
  }
  return signature.includes(' ') ? [{ code: 'signature-plus-decoded', confidence: 0.96 }] : []
}

/** The type is always part of the text, and clients send one of their own. */
function unseen(request: ObservedRequest): Finding[] {
  if (headerValue(request, 'content-type') === null) {
    return [{ code: 'signature-mismatch', confidence: 0.4 }]
  }
  return [
    { code: 'header-changed', confidence: 0.5, facts: { names: 'content-type' } },
    { code: 'signature-mismatch', confidence: 0.4 },
  ]
}

function checkSignature(context: ExplainContext, sent: string): DialectExplanation {
  const { request } = context
  const type = headerValue(request, 'content-type') ?? ''
  const byType = contentTypeOf(context, sent)
  if (byType !== null) return byType
  return checkUrlText(context, {
    dialect: 's3',
    sent,
    wanted: 'standard base64',
    reserved: RESERVED,
    macsOf: (view) => macsOf(request, view, type),
    varies: { hasMethod: true, hasQuery: true },
  })
}

/** A type that fits, where the one that was sent does not. */
function contentTypeOf(context: ExplainContext, sent: string): DialectExplanation | null {
  const { request, detection } = context
  const was = headerValue(request, 'content-type') ?? undefined
  const view = toUrlView(request, RESERVED)
  for (const { secret = '' } of keysFor(context.keys, 's3', detection.keyId)) {
    const fits = withinBudget(context.budget, request.url.text.length, (type: string) =>
      macsOf(request, { ...view, secret }, type).some((mac) => equalText(mac, sent)),
    )
    if (secret === '' || fits(was ?? '')) return null
    if (![...typeCandidates(was, request.url.path), ''].some(fits)) continue
    if (!request.headersKnown) return { findings: [], signature: 'valid' }
    const code = was === undefined ? 'header-missing' : 'header-changed'
    const finding: Finding = { code, confidence: 0.98, facts: { names: 'content-type' } }
    return { findings: [finding], signature: 'invalid' }
  }
  return null
}

/** For each bucket the host may stand for. */
function macsOf(request: ObservedRequest, view: UrlView, type: string): string[] {
  const key = prepareHmacKey(sha1, view.secret)
  const amz = request.headers
    .map(([name, value]) => `${name.toLowerCase()}:${value.trim()}\n`)
    .filter((line) => line.startsWith('x-amz-'))
    .toSorted()
  const head = [
    view.method === '' ? 'GET' : view.method,
    headerValue(request, 'content-md5') ?? '',
    type,
    valuesByName(request.url.parameters).get('expires') ?? '',
    amz.join(''),
  ].join('\n')
  const query = subResources(view)
  return bucketsOf(view.host).map((bucket) =>
    hmacBase64(key, `${head}${bucket === '' ? '' : `/${bucket}`}${view.path}${query}`),
  )
}

function subResources({ query }: UrlView): string {
  const signed = (query ?? [])
    .filter((piece) => SUB_RESOURCE.test(piece.split('=', 1)[0] ?? ''))
    .map((piece) => decoded(piece))
    .toSorted()
  return signed.length === 0 ? '' : `?${signed.join('&')}`
}

/** Values of `response-…` are signed decoded. */
function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece.replaceAll('+', ' '))
  } catch {
    return piece
  }
}

/** The bucket in the host, or none where it stands in the path; an own name may be one. */
function bucketsOf(host: string): string[] {
  const bare = host.replace(/:\d{1,5}$/, '')
  const [, bucket] =
    /^(?:(.{1,222})\.)?s3[.-](?:[a-z0-9.-]{1,60}\.)?[a-z]{1,20}\.[a-z.]{2,10}$/i.exec(bare) ?? []
  return bucket === undefined ? ['', bare, bare.split('.', 1)[0] ?? ''] : [bucket]
}
