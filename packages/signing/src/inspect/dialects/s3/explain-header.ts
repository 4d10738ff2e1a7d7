/**
 * Why an S3 request with an Authorization header fails.
 *
 * @module
 */
import { hashHex } from '../../../lib/hash.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { headerValue } from '../../facts/detection.ts'
import { readProviderError, saysSignatureAccepted } from '../../rules/provider-error.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { formatDuration } from '../../rules/time-rules.ts'
import { signedHeaderListFindings } from '../../rules/v4-rules.ts'
import { headerFindings } from '../../rules/header-rules.ts'
import { s3AnswerFindings } from './explain-answer.ts'
import { hostRegionFindings } from './explain-habits.ts'
import { checkS3Signature } from './explain-signature.ts'
import type { S3Authentication } from './explain-signature.ts'
import { sha256 } from '../../../lib/sha256.ts'

const MAX_SKEW_MS = 900_000
const NEEDED = ['Credential', 'SignedHeaders', 'Signature'] as const

/** Says what is wrong with a request signed in its headers. */
export function explainS3Header(context: ExplainContext): DialectExplanation {
  const { request } = context
  const authorization = headerValue(request, 'authorization') ?? ''
  const fields = readFields(authorization)
  const missing = NEEDED.filter((name) => !fields.has(name))
  const error = readProviderError(context.response)
  if (context.detection.scheme.includes(' for ')) return explainOther(context, error)
  const algorithm = /^\s*(\S{1,40})/.exec(authorization)?.[1] ?? ''
  const visible = [
    ...clockFindings(context, error?.serverTime ?? null),
    ...bodyFindings(context),
    ...algorithmFindings(algorithm),
    ...signedHeaderListFindings(fields.get('SignedHeaders') ?? 'host', 'SignedHeaders'),
    ...headerFindings(request, context.detection, 'x-amz-'),
    ...hostRegionFindings(request, fields.get('Credential') ?? ''),
  ]
  if (missing.length > 0) {
    const facts = { names: missing.join(', ') }
    visible.push({ code: 'parameter-missing', confidence: 0.95, facts })
  }
  // In this form the skew rule is the right one.
  const answer = s3AnswerFindings(context, error).filter(
    ({ code }) => code !== 'server-applies-header-skew',
  )
  const checked = checkS3Signature(context, error, toAuthentication(request, algorithm, fields))
  const isAccepted = checked.signature === 'valid' || saysSignatureAccepted(error)
  const kept = isAccepted ? answer.filter(({ code }) => code !== 'signature-mismatch') : answer
  return { ...checked, findings: [...visible, ...kept, ...checked.findings] }
}

/** Signed for another service: only its clock can be judged by what is known here. */
function explainOther(context: ExplainContext, error: ProviderError | null): DialectExplanation {
  const service = context.detection.scheme.split(' for ')[1] ?? ''
  const findings: Finding[] = [
    { code: 'service-other', confidence: 0.9, facts: { service, store: 'S3' } },
    ...clockFindings(context, error?.serverTime ?? null),
  ]
  return { findings, signature: 'unchecked' }
}

function toAuthentication(
  request: ExplainContext['request'],
  algorithm: string,
  fields: ReadonlyMap<string, string>,
): S3Authentication {
  return {
    algorithm,
    credential: fields.get('Credential') ?? '',
    timestamp: headerValue(request, 'x-amz-date') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    payloadHash: headerValue(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  }
}

const ALGORITHMS = ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256']

function algorithmFindings(algorithm: string): Finding[] {
  if (ALGORITHMS.includes(algorithm)) return []
  const facts = { algorithm: algorithm.slice(0, 40), expected: ALGORITHMS[0] ?? '' }
  return [{ code: 'algorithm-unsupported', confidence: 0.94, facts }]
}

function readFields(authorization: string): Map<string, string> {
  const fields = new Map<string, string>()
  for (const piece of authorization.slice(0, 16_384).split(/[,\s]/)) {
    const equals = piece.indexOf('=')
    if (equals > 0) fields.set(piece.slice(0, equals), piece.slice(equals + 1))
  }
  return fields
}

function clockFindings({ detection, now }: ExplainContext, serverTime: Date | null): Finding[] {
  if (detection.startsAt === null) return []
  const skew = detection.startsAt.getTime() - (serverTime ?? now).getTime()
  if (Math.abs(skew) <= MAX_SKEW_MS) return []
  const facts = { skew: formatDuration(skew), allowed: formatDuration(MAX_SKEW_MS) }
  return [{ code: 'clock-skewed', confidence: 0.96, facts }]
}

function bodyFindings({ request }: ExplainContext): Finding[] {
  const announced = headerValue(request, 'x-amz-content-sha256')
  if (announced === null) {
    const facts = { names: 'x-amz-content-sha256' }
    return request.headersKnown ? [{ code: 'header-missing', confidence: 0.9, facts }] : []
  }
  const isHash = /^[0-9a-f]{64}$/i.test(announced)
  if (!isHash && !/^(?:UNSIGNED-PAYLOAD|STREAMING-[A-Z0-9-]{1,60})$/.test(announced)) {
    const reason = 'it is neither a SHA-256 in hex nor one of the keywords'
    const facts = { names: 'x-amz-content-sha256', reason }
    return [{ code: 'parameter-malformed', confidence: 0.95, facts }]
  }
  if (request.body === null || !isHash) return []
  if (hashHex(sha256, request.body) === announced.toLowerCase()) return []
  return [{ code: 'payload-mismatch', confidence: 0.97 }]
}
