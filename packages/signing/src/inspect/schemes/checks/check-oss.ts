/**
 * How the signature of an OSS URL of version 1 came about.
 *
 * @module
 */
import { OSS_NAMES, bucketOfServiceHost } from '../../../dialects/oss/params.ts'
import type { OssText } from '../../../dialects/oss/string-to-sign.ts'
import { formatOssText, isSubResource } from '../../../dialects/oss/string-to-sign.ts'
import { equalText } from '../../../lib/constant-time.ts'
import { hmacBase64, prepareHmacKey } from '../../../lib/hmac.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import { sha1 } from '../../../lib/sha1.ts'
import { headerValue, valuesByName } from '../../facts/detection.ts'
import type {
  DialectExplanation,
  ExplainContext,
  ObservedRequest,
} from '../../facts/dialect-facts.ts'
import { parseObservedQuery } from '../../facts/observed-url.ts'
import { typeCandidates } from '../../hypotheses/header-candidates.ts'
import { keysFor } from '../../hypotheses/secret-variants.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { toUrlView } from '../../hypotheses/url-hypotheses.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { checkUrlText } from './check-url-text.ts'

const RESERVED: ReadonlySet<string> = new Set(
  [OSS_NAMES.accessKeyId, OSS_NAMES.expires, OSS_NAMES.signature].map((name) => name.toLowerCase()),
)

/** What the signature shows with the keys given. */
export function checkOss(context: ExplainContext): DialectExplanation {
  const { request } = context
  const values = valuesByName(request.url.parameters)
  const sent = (values.get('signature') ?? '').replaceAll(' ', '+')
  const contentType = headerValue(request, 'content-type') ?? ''
  const checked = checkUrlText(context, {
    dialect: 'oss',
    sent,
    wanted: 'standard base64',
    reserved: RESERVED,
    macsOf: (view) => macsOf(request, view, contentType),
    varies: { hasMethod: true, hasQuery: true },
  })
  return contentTypeOf(context, sent) ?? checked
}

/** A type that fits, where the one that was sent does not. */
function contentTypeOf(context: ExplainContext, sent: string): DialectExplanation | null {
  const { request } = context
  const was = headerValue(request, 'content-type') ?? undefined
  const view = toUrlView(request, RESERVED)
  for (const key of keysFor(context.keys, 'oss', context.detection.keyId)) {
    const secret = key.secret ?? ''
    const fits = withinBudget(context.budget, request.url.text.length, (type: string) =>
      macsOf(request, { ...view, secret }, type).some((mac) => equalText(mac, sent)),
    )
    if (secret === '' || fits(was ?? '')) return null
    if (!typeCandidates(was, request.url.path).some(fits)) continue
    // Of a URL alone the headers are not known: then it is no fault.
    if (!request.headersKnown) return { findings: [], signature: 'valid' }
    const code = was === undefined ? 'header-missing' : 'header-changed'
    const finding = { code, confidence: 0.98, facts: { names: 'content-type' } } as const
    return { findings: [finding], signature: 'invalid' }
  }
  return null
}

/** For each bucket the host may stand for. */
function macsOf(request: ObservedRequest, view: UrlView, contentType: string): string[] {
  const key = prepareHmacKey(sha1, view.secret)
  const values = valuesByName(request.url.parameters)
  const text: Omit<OssText, 'bucket'> = {
    method: view.method === '' ? 'GET' : view.method,
    contentMd5: headerValue(request, 'content-md5') ?? '',
    contentType,
    expires: values.get('expires') ?? '',
    headers: request.headers
      .map(([name, value]) => [name.toLowerCase(), value.trim()] as const)
      .filter(([name]) => name.startsWith('x-oss-')),
    key: (percentDecode(view.path) ?? view.path).slice(1),
    query: parseObservedQuery(view.query?.join('&') ?? '')
      .map(({ name, value }) => [name, value] as const)
      .filter(([name]) => isSubResource(name)),
  }
  return ossBuckets(view.host).map((bucket) => hmacBase64(key, formatOssText({ ...text, bucket })))
}

/** The bucket of a host of the service; an own domain mostly stands for one of its name or first label. */
export function ossBuckets(host: string): string[] {
  const bucket = bucketOfServiceHost(host)
  if (bucket !== null) return [bucket]
  const bare = host.replace(/:\d{1,5}$/, '')
  return [bare.split('.', 1)[0] ?? '', bare, bare.replaceAll('.', '-')]
}
