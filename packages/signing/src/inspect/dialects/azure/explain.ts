/**
 * Why a request with an Azure shared access signature fails.
 *
 * @module
 */
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { valuesByName } from '../../facts/detection.ts'
import { ipFindings } from '../../rules/ip-rules.ts'
import { parameterFindings } from '../../rules/parameter-rules.ts'
import { readProviderError } from '../../rules/provider-error.ts'
import { iso, timeFindings } from '../../rules/time-rules.ts'
import { parseSasTime } from './decode.ts'
import { azureAnswerFindings } from './explain-answer.ts'
import { azureGrantFindings, azureTypeFindings } from './explain-grant.ts'
import { checkAzureSignature } from './explain-signature.ts'

const SINGLE = [
  'sv',
  'sr',
  'ss',
  'srt',
  'sp',
  'st',
  'se',
  'sig',
  'si',
  'sip',
  'spr',
  'sdd',
  'skoid',
]
/** HMAC-SHA256 in base64. */
const SIGNATURE_LENGTH = 44

/** Says what is wrong with a request of this dialect. */
export function explainAzure(context: ExplainContext): DialectExplanation {
  const { request, detection, now } = context
  const values = valuesByName(request.url.parameters)
  const error = readProviderError(context.response)
  if (detection.scheme.includes(' for ')) return explainOther(context, values)
  const checked = checkAzureSignature(context, values)
  const findings = [
    ...parameterFindings(request.url, {
      needed: neededOf(values),
      single: SINGLE,
      signature: { name: 'sig', minLength: SIGNATURE_LENGTH - 2 },
    }),
    ...signatureForm(values),
    ...timeForms(values),
    ...timeFindings(detection, error?.serverTime ?? now),
    ...delegationKey(values, now),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...protocolFindings(context),
    ...blobTypeFindings(context, values),
    ...azureGrantFindings(context, values),
    ...azureAnswerFindings(context, error),
    ...checked.findings,
  ]
  return { ...checked, findings }
}

/** A token of another service of the account: its clock, address and services are judged, its text is another. */
function explainOther(
  context: ExplainContext,
  values: ReadonlyMap<string, string>,
): DialectExplanation {
  const { request, detection, now } = context
  const error = readProviderError(context.response)
  const service = detection.scheme.split(' for ')[1] ?? ''
  const needed = values.has('ss') ? ['sv', 'sig', 'ss', 'srt', 'sp', 'se'] : ['sv', 'sig']
  const findings: Finding[] = [
    ...parameterFindings(request.url, {
      needed,
      single: SINGLE,
      signature: { name: 'sig', minLength: SIGNATURE_LENGTH - 2 },
    }),
    ...signatureForm(values),
    ...timeForms(values),
    ...timeFindings(detection, error?.serverTime ?? now),
    ...ipFindings(detection.audience.ip, request.clientIp),
    ...protocolFindings(context),
    ...azureTypeFindings(context, values),
    ...azureAnswerFindings(context, error),
    { code: 'service-other', confidence: 0.6, facts: { service, store: 'blobs' } },
  ]
  return { findings, signature: 'unchecked' }
}

function neededOf(values: ReadonlyMap<string, string>): string[] {
  const needed = ['sv', 'sig']
  if (values.has('ss') || values.has('srt')) return [...needed, 'ss', 'srt', 'sp', 'se']
  needed.push('sr')
  return values.has('si') ? needed : [...needed, 'sp', 'se']
}

function signatureForm(values: ReadonlyMap<string, string>): Finding[] {
  const sig = values.get('sig')
  if (sig === undefined) return []
  if (sig.includes(' ')) return [{ code: 'signature-plus-decoded', confidence: 0.96 }]
  if (/[-_]/.test(sig) && /^[A-Za-z0-9\-_]{43}=?$/.test(sig)) {
    const alphabet = 'A SAS uses standard base64: + and / where base64url has - and _.'
    return [{ code: 'signature-alphabet', confidence: 0.95, facts: { alphabet } }]
  }
  if (/^[A-Za-z0-9+/]{43}=$/.test(sig) || sig.length < SIGNATURE_LENGTH - 2) return []
  const reason = /%[0-9a-f]{2}/i.test(sig)
    ? 'it is percent-encoded twice'
    : 'it is not base64 of 32 bytes'
  return [{ code: 'signature-malformed', confidence: 0.94, facts: { reason } }]
}

function timeForms(values: ReadonlyMap<string, string>): Finding[] {
  const wrong = ['st', 'se', 'skt', 'ske'].filter((name) => {
    const text = values.get(name)
    return text !== undefined && text !== '' && parseSasTime(text) === null
  })
  if (wrong.length === 0) return []
  const facts = { names: wrong.join(', '), reason: 'it is not YYYY-MM-DDThh:mm:ssZ in UTC' }
  return [{ code: 'parameter-malformed', confidence: 0.95, facts }]
}

function delegationKey(values: ReadonlyMap<string, string>, now: Date): Finding[] {
  const endsAt = parseSasTime(values.get('ske'))
  if (endsAt === null || endsAt >= now) return []
  return [{ code: 'delegation-key-ended', confidence: 0.98, facts: { endsAt: iso(endsAt) } }]
}

function protocolFindings({ request, detection }: ExplainContext): Finding[] {
  if (detection.audience.protocol !== 'https' || request.url.scheme !== 'http') return []
  return [{ code: 'protocol-not-allowed', confidence: 0.96 }]
}

/** Every upload of a whole blob says which kind of blob it makes. */
function blobTypeFindings(
  { request }: ExplainContext,
  values: ReadonlyMap<string, string>,
): Finding[] {
  const isUpload = request.method === 'PUT' && !values.has('comp') && !values.has('restype')
  const isFile = /\.dfs\./i.test(request.url.host)
  if (!isUpload || isFile || !request.headersKnown || values.get('sr') === 'c') return []
  const sent = request.headers.map(([name]) => name.toLowerCase())
  if (sent.includes('x-ms-blob-type') || sent.includes('x-ms-copy-source')) return []
  const facts = { names: 'x-ms-blob-type', why: 'is needed for every upload (BlockBlob)' }
  return [{ code: 'header-missing', confidence: 0.9, facts, source: 'service' }]
}
