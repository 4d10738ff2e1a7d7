/**
 * What S3's own error says, read as a table: its codes are stable, its wording mostly.
 *
 * @module
 */
import type { CauseCode } from '../../causes.ts'
import type { CauseFacts, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { formatDuration, iso } from '../../rules/time-rules.ts'
import { showText } from '../../facts/detection.ts'

interface AnswerRule {
  readonly when: RegExp
  readonly code: CauseCode
  readonly confidence: number
  readonly facts?: (error: ProviderError, context: ExplainContext) => CauseFacts
}

/** What Hallpass says in its remedy. */
const SIGNED_FOR = / Send it as ([A-Z]{3,7}): it was signed for that/

const MISSING_HEADER = /^InvalidRequest Missing required header for this request: ([\w-]{2,40})/

/** Matched against `Code Message Remedy`; the first that fits is taken. */
const RULES: readonly AnswerRule[] = [
  {
    when: /^AccessDenied .*not (?:yet valid|valid yet)/i,
    code: 'clock-ahead',
    confidence: 0.9,
    facts: (error, { detection, now }) => ({ ahead: aheadOf(error, detection.startsAt, now) }),
  },
  {
    when: /^(AccessDenied .*has expired|ExpiredRequest)/i,
    code: 'url-expired',
    confidence: 0.97,
    facts: (error, { detection, now }) => expiredFacts(error, detection.expiresAt, now),
  },
  { when: /^ExpiredToken /, code: 'session-token-ended', confidence: 0.98 },
  { when: /^TokenRefreshRequired /, code: 'session-token-ended', confidence: 0.95 },
  { when: /^InvalidToken /, code: 'session-token-changed', confidence: 0.9 },
  {
    when: /^InvalidAccessKeyId /,
    code: 'key-unknown',
    confidence: 0.93,
    facts: (_, { detection }) => ({ keyId: detection.keyId ?? 'of the URL' }),
  },
  {
    when: /^AuthorizationHeaderMalformed [^;]{0,80}; (?!the region )/i,
    code: 'parameter-malformed',
    confidence: 0.9,
    facts: ({ message }) => ({ names: 'Authorization', reason: showText(message, 160) }),
  },
  {
    when: /the region '.{0,60}' is wrong|^(AuthorizationHeaderMalformed|IllegalLocationConstraint)/i,
    code: 'region-wrong',
    confidence: 0.98,
    facts: regionFacts,
  },
  {
    when: /^(PermanentRedirect|TemporaryRedirect|Redirect|IncorrectEndpoint) /,
    code: 'region-wrong',
    confidence: 0.96,
    facts: regionFacts,
  },
  {
    when: /^RequestTimeTooSkewed/,
    code: 'server-applies-header-skew',
    confidence: 0.92,
  },
  {
    when: /headers present in the request which were not signed/i,
    code: 'headers-unsigned',
    confidence: 0.97,
    facts: (error) => ({ names: showText(error.elements.get('HeadersNotSigned') ?? 'some', 200) }),
  },
  {
    when: /Only one auth mechanism allowed/i,
    code: 'authorization-header-added',
    confidence: 0.98,
  },
  {
    when: /authorization mechanism you have provided is not supported/i,
    code: 'sigv2-refused',
    confidence: 0.97,
  },
  {
    when: /must be less than a week/i,
    code: 'expiry-too-long',
    confidence: 0.97,
    facts: (_, context) => ({ seconds: lifeOf(context), maxSeconds: 604_800 }),
  },
  {
    when: /Credential access key has length (\d{1,4}), should be (\d{1,4})/,
    code: 'key-invalid',
    confidence: 0.96,
    facts: ({ message }) => ({ reason: idLengthReason(message) }),
  },
  {
    when: /^AuthorizationQueryParametersError .*requires the X-Amz-Algorithm/i,
    code: 'parameter-missing',
    confidence: 0.9,
    facts: () => ({
      names: 'X-Amz-Algorithm, -Credential, -Signature, -Date, -SignedHeaders or -Expires',
    }),
  },
  {
    when: /Invalid credential date .*not the same as X-Amz-Date/i,
    code: 'scope-date-mismatch',
    confidence: 0.95,
    facts: dayFacts,
  },
  {
    when: /^AuthorizationQueryParametersError /,
    code: 'parameter-malformed',
    confidence: 0.8,
    facts: ({ message }) => ({
      names: /X-Amz-[A-Za-z]{4,20}/.exec(message)?.[0] ?? 'that it names',
      reason: showText(message, 160),
    }),
  },
  { when: /^NoSuchKey /, code: 'object-missing', confidence: 0.96 },
  { when: /^NoSuchBucket /, code: 'bucket-missing', confidence: 0.96 },
  { when: /^EntityTooLarge /, code: 'entity-too-large', confidence: 0.97 },
  {
    when: MISSING_HEADER,
    code: 'header-missing',
    confidence: 0.95,
    facts: ({ message }) => ({
      names: MISSING_HEADER.exec(`InvalidRequest ${message}`)?.[1] ?? 'that it names',
      why: 'is needed',
    }),
  },
  { when: /^XAmzContentSHA256Mismatch/, code: 'payload-mismatch', confidence: 0.97 },
  {
    when: /^AccessDenied .*only works from the network/i,
    code: 'ip-not-allowed',
    confidence: 0.95,
    facts: (_, { request }) => ({ allowed: allowedNetworks(request) }),
  },
  {
    when: /^AccessDenied .*may be uploaded (?:here|with this link)/i,
    code: 'request-malformed',
    confidence: 0.95,
    facts: () => ({ names: 'Content-Type' }),
  },
  {
    when: /^AccessDenied .*expected-bucket-owner names/i,
    code: 'request-malformed',
    confidence: 0.95,
    facts: ({ message }) => ({
      names: /x-amz-[a-z-]{0,40}owner/i.exec(message)?.[0] ?? 'its owner',
    }),
  },
  { when: /^AccessDenied .*\bkms:/i, code: 'encryption-refused', confidence: 0.95 },
  { when: /^AccessDenied .*with an explicit deny/i, code: 'signer-not-allowed', confidence: 0.94 },
  { when: /^AccessDenied .*VPC endpoint/i, code: 'network-refused', confidence: 0.94 },
  { when: /^AccessDenied/, code: 'signer-not-allowed', confidence: 0.55 },
  {
    when: SIGNED_FOR,
    code: 'method-differs',
    confidence: 0.95,
    facts: ({ elements }, { request }) => ({
      signed: SIGNED_FOR.exec(` ${elements.get('Remedy')}`)?.[1] ?? 'another',
      sent: request.method ?? 'sent otherwise',
    }),
  },
  { when: /^SignatureDoesNotMatch/, code: 'signature-mismatch', confidence: 0.4 },
]

/** What the answer says; empty without one. */
export function s3AnswerFindings(context: ExplainContext, error: ProviderError | null): Finding[] {
  if (error === null) return []
  const text = `${error.code} ${error.message} ${error.elements.get('Remedy') ?? ''}`
  const rule = RULES.find(({ when }) => when.test(text))
  if (rule === undefined) return redirectFindings(context, error)
  if (rule.code === 'clock-ahead' && isFarAhead(error, context)) return []
  if (rule.code === 'signer-not-allowed' && isUnsigned(context)) return []
  const facts = rule.facts?.(error, context)
  const { code, confidence } = rule
  return [
    {
      code,
      confidence,
      evidence: answered(error),
      ...(code === 'signature-mismatch' ? {} : { source: 'answer' }),
      ...(facts === undefined ? {} : { facts }),
    },
  ]
}

/** Nobody signed what came without a signature. */
function isUnsigned({ detection, request: { url } }: ExplainContext): boolean {
  return detection.form === 'url' && !url.parameters.some(({ name }) => /signature$/i.test(name))
}

function lifeOf({ request: { url } }: ExplainContext): string {
  const sent = url.parameters.find(({ name }) => name.toLowerCase() === 'x-amz-expires')
  return showText(sent?.value ?? 'more', 20)
}

function idLengthReason(message: string): string {
  const [, came = '', wanted = ''] = /has length (\d{1,4}), should be (\d{1,4})/.exec(message) ?? []
  return `the service takes access key ids of ${wanted} characters, and this one has ${came}: a secret, a token or the id of another provider stands in its place`
}

/** That the URL names; a record behind it may name others. */
function allowedNetworks({ url }: ExplainContext['request']): string {
  const named = url.parameters.find(({ name }) => name.toLowerCase() === 'x-hallpass-ip')
  return showText(named?.value ?? 'of its network', 200)
}

function answered(error: ProviderError): string {
  const status = error.status === null ? '' : `${error.status} `
  return showText(`the provider answered ${status}${error.code}`, 120)
}

function redirectFindings(context: ExplainContext, error: ProviderError): Finding[] {
  const isRedirect = error.status === 301 || error.status === 307
  const region = bucketRegion(context)
  if (!isRedirect && region === null) return []
  if (region === null || region === scopeRegion(context)) return []
  return [
    {
      code: 'region-wrong',
      confidence: 0.95,
      facts: regionFacts(error, context),
      source: 'answer',
    },
  ]
}

function regionFacts(error: ProviderError, context: ExplainContext): CauseFacts {
  const named = /expecting '([a-z0-9-]{2,30})'/i.exec(error.message)?.[1]
  const endpoint = error.elements.get('Endpoint') ?? ''
  const ofEndpoint = /s3[.-]([a-z]{2}(?:-[a-z]{2,9}){1,3}-\d)\./i.exec(endpoint)?.[1]
  const expected = named ?? error.elements.get('Region') ?? bucketRegion(context) ?? ofEndpoint
  return {
    actual: scopeRegion(context) ?? 'another',
    expected: showText(expected ?? 'another region', 40),
  }
}

function dayFacts({ message }: ProviderError): CauseFacts {
  const [scopeDate = 'another', date = 'its own'] = message.match(/\d{8}/g) ?? []
  return { scopeDate, date, parameter: 'X-Amz-Date' }
}

function bucketRegion({ response }: ExplainContext): string | null {
  for (const [name, value] of response?.headers ?? []) {
    if (name.toLowerCase() === 'x-amz-bucket-region') return showText(value, 40)
  }
  return null
}

function scopeRegion({ request }: ExplainContext): string | null {
  for (const { name, value } of request.url.parameters) {
    if (name.toLowerCase() === 'x-amz-credential') return showText(value.split('/')[2] ?? '', 40)
  }
  const header = request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1] ?? ''
  return /Credential=[^/,\s]{1,128}\/\d{8}\/([a-z0-9-]{1,30})\//.exec(header)?.[1] ?? null
}

function isFarAhead(error: ProviderError, { detection, now }: ExplainContext): boolean {
  const server = error.serverTime ?? now
  return (
    detection.startsAt !== null && detection.startsAt.getTime() - server.getTime() > 90 * 60_000
  )
}

function aheadOf(error: ProviderError, startsAt: Date | null, now: Date): string {
  if (startsAt === null) return 'some time'
  return formatDuration(startsAt.getTime() - (error.serverTime ?? now).getTime())
}

function expiredFacts(error: ProviderError, expiresAt: Date | null, now: Date): CauseFacts {
  const named = Date.parse(error.elements.get('Expires') ?? '')
  const end = Number.isNaN(named) ? expiresAt : new Date(named)
  if (end === null) return { expiredAt: 'its end', ago: 'some time' }
  const server = error.serverTime ?? now
  return { expiredAt: iso(end), ago: formatDuration(server.getTime() - end.getTime()) }
}
