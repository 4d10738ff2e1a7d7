/**
 * Why an S3 request with an Authorization header fails.
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import type { DialectExplanation, ExplainContext, Finding } from '../../lib/dialect-facts.ts'
import { headerValue } from '../../lib/detection.ts'
import { readProviderError, saysSignatureAccepted } from '../../lib/diagnosis/provider-error.ts'
import { formatDuration } from '../../lib/diagnosis/time-rules.ts'
import { s3AnswerFindings } from './explain-answer.ts'
import { checkS3Signature } from './explain-signature.ts'

const MAX_SKEW_MS = 900_000
const NEEDED = ['Credential', 'SignedHeaders', 'Signature'] as const

/** Says what is wrong with a request signed in its headers. */
export function explainS3Header(context: ExplainContext): DialectExplanation {
  const { request } = context
  const authorization = headerValue(request, 'authorization') ?? ''
  const fields = readFields(authorization)
  const missing = NEEDED.filter((name) => !fields.has(name))
  const error = readProviderError(context.response)
  const visible = [...clockFindings(context, error?.serverTime ?? null), ...bodyFindings(context)]
  if (missing.length > 0) {
    const facts = { names: missing.join(', ') }
    visible.push({ code: 'parameter-missing', confidence: 0.95, facts })
  }
  // In this form the skew rule is the right one.
  const answer = s3AnswerFindings(context, error).filter(
    ({ code }) => code !== 'server-applies-header-skew',
  )
  const checked = checkS3Signature(context, error, {
    algorithm: /^\s*(\S{1,40})/.exec(authorization)?.[1] ?? '',
    credential: fields.get('Credential') ?? '',
    timestamp: headerValue(request, 'x-amz-date') ?? '',
    signedHeaders: fields.get('SignedHeaders') ?? '',
    signature: fields.get('Signature') ?? '',
    payloadHash: headerValue(request, 'x-amz-content-sha256') ?? 'UNSIGNED-PAYLOAD',
  })
  const isAccepted = checked.signature === 'valid' || saysSignatureAccepted(error)
  const kept = isAccepted ? answer.filter(({ code }) => code !== 'signature-mismatch') : answer
  return { ...checked, findings: [...visible, ...kept, ...checked.findings] }
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
  if (request.body === null || !/^[0-9a-f]{64}$/i.test(announced)) return []
  if (hashHex('sha256', request.body) === announced.toLowerCase()) return []
  return [{ code: 'payload-mismatch', confidence: 0.97 }]
}
