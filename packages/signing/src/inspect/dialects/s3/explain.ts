/**
 * Why an S3 request fails: what its parameters and the provider's answer show, and, with a key, the one change
 * that makes the signature fit.
 *
 * @module
 */
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { readProviderError, saysSignatureAccepted } from '../../rules/provider-error.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { headerFindings, methodFindings } from '../../rules/header-rules.ts'
import { v4QueryFindings } from '../../rules/v4-rules.ts'
import type { V4Rules } from '../../rules/v4-rules.ts'
import { s3AnswerFindings } from './explain-answer.ts'
import { explainS3Form } from './explain-form.ts'
import { s3HabitFindings } from './explain-habits.ts'
import { explainS3Header } from './explain-header.ts'
import { checkS3Query } from './explain-signature.ts'
import { explainVersion2 } from './explain-version2.ts'

/** S3 serves URLs up to five minutes before their time. */
const EARLY_SECONDS = 300

const RULES: V4Rules = {
  prefix: 'X-Amz-',
  algorithms: ['AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'],
  services: ['s3', 's3-object-lambda', 's3express', 's3-outposts'],
  terminal: 'aws4_request',
  signatureLength: (algorithm) => (algorithm === 'AWS4-HMAC-SHA256' ? 64 : null),
}

/** Says what is wrong with a request of this dialect. */
export function explainS3(context: ExplainContext): DialectExplanation {
  const { detection } = context
  if (detection.form === 'form') return explainS3Form(context)
  if (detection.scheme === 'SigV2') return explainVersion2(context)
  if (detection.form === 'header') return explainS3Header(context)
  return explainQuery(context)
}

function explainQuery(context: ExplainContext): DialectExplanation {
  const { request, detection, now } = context
  const error = readProviderError(context.response)
  if (detection.scheme.includes(' for ')) return explainOther(context, error)
  const structural = v4QueryFindings(request.url, RULES)
  const time = timeFindings(detection, error?.serverTime ?? now, {
    toleranceSeconds: EARLY_SECONDS,
  })
  const visible = [
    ...structural,
    ...time,
    ...headerFindings(request, detection, 'x-amz-'),
    ...methodFindings(request, detection.methods),
    ...s3HabitFindings(context, error),
    ...s3AnswerFindings(context, error),
  ]
  const { findings, signature, computed } = checkS3Query(context, error)
  const isAccepted = signature === 'valid' || saysSignatureAccepted(error)
  return {
    findings: [...(isAccepted ? visible.filter(isNoGuess) : visible), ...findings],
    signature,
    ...(computed === undefined ? {} : { computed }),
  }
}

/** A signature for another service: what is known of S3's own habits does not hold for it. */
function explainOther(
  { request, detection, now }: ExplainContext,
  error: ProviderError | null,
): DialectExplanation {
  const findings = [
    ...v4QueryFindings(request.url, RULES),
    ...timeFindings(detection, error?.serverTime ?? now, { toleranceSeconds: EARLY_SECONDS }),
  ]
  return { findings, signature: 'unchecked' }
}

/** A signature that fits refutes what was only guessed about it. */
function isNoGuess({ code, confidence }: Finding): boolean {
  const isAboutSignature =
    /^(path|query)-/.test(code) || code === 'signature-mismatch' || code === 'method-differs'
  return !isAboutSignature || (code === 'query-plus-for-space' && confidence > 0.6)
}
