/**
 * How the signature of a COS URL came about.
 *
 * @module
 */
import type { CosPairs } from '../../../dialects/cos/string-to-sign.ts'
import { signCosText } from '../../../dialects/cos/string-to-sign.ts'
import { prepareHmacKey } from '../../../lib/hmac.ts'
import { percentDecode } from '../../../lib/percent-encode.ts'
import { sha1 } from '../../../lib/sha1.ts'
import { headerValue, valuesByName } from '../../facts/detection.ts'
import type {
  DialectExplanation,
  ExplainContext,
  Finding,
  ObservedRequest,
} from '../../facts/dialect-facts.ts'
import { parseObservedQuery } from '../../facts/observed-url.ts'
import type { UrlView } from '../../hypotheses/url-hypotheses.ts'
import { checkUrlText } from './check-url-text.ts'

const OWN = [
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
  'x-cos-security-token',
]
const RESERVED: ReadonlySet<string> = new Set(OWN)

/** What the signature shows with the keys given. */
export function checkCos(context: ExplainContext): DialectExplanation {
  const { request } = context
  const values = valuesByName(request.url.parameters)
  const names = (values.get('q-header-list') ?? '').split(';').filter(Boolean)
  const missing = missingHeaders(request, names)
  const checked = checkUrlText(context, {
    dialect: 'cos',
    sent: values.get('q-signature') ?? '',
    wanted: 'lower-case hex',
    reserved: RESERVED,
    macsOf: (view) => [macOf(request, view, values)],
    varies: { hasMethod: true, hasOrigin: names.includes('host'), hasQuery: true },
  })
  const isOpen = !request.headersKnown && names.some((name) => name !== 'host')
  if (isOpen && checked.signature === 'invalid') return { findings: [], signature: 'unchecked' }
  return { ...checked, findings: [...missing, ...checked.findings] }
}

function missingHeaders(request: ObservedRequest, names: readonly string[]): Finding[] {
  if (!request.headersKnown) return []
  const lost = names.filter((name) => name !== 'host' && headerValue(request, name) === null)
  if (lost.length === 0) return []
  return [{ code: 'header-missing', confidence: 0.94, facts: { names: lost.join(', ') } }]
}

function macOf(
  request: ObservedRequest,
  view: UrlView,
  values: ReadonlyMap<string, string>,
): string {
  const key = prepareHmacKey(sha1, view.secret)
  const listed = (name: string): string[] =>
    (values.get(name) ?? '')
      .split(';')
      .filter(Boolean)
      .map((text) => percentDecode(text) ?? text)
  const query = parseObservedQuery(view.query?.join('&') ?? '')
  const signed = new Set(listed('q-url-param-list'))
  const parameters: CosPairs = query
    .filter(({ name }) => signed.has(name.toLowerCase()))
    .map(({ name, value }) => [name, value] as const)
  const headers: CosPairs = listed('q-header-list').map(
    (name) =>
      [name, name === 'host' ? view.host : (headerValue(request, name) ?? '').trim()] as const,
  )
  const signTime = values.get('q-sign-time') ?? ''
  return signCosText(key, values.get('q-key-time') ?? '', signTime, {
    method: view.method === '' ? 'GET' : view.method,
    path: percentDecode(view.path) ?? view.path,
    parameters,
    headers,
  })
}
