/**
 * Why a Cloud Storage request fails.
 *
 * @module
 */
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { showText, valuesByName } from '../../facts/detection.ts'
import { headerFindings, methodFindings } from '../../rules/header-rules.ts'
import { policyFindings } from '../../rules/policy-rules.ts'
import { readProviderError, saysSignatureMismatch } from '../../rules/provider-error.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { spellingFindings } from '../../rules/spelling-rules.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { v4QueryFindings } from '../../rules/v4-rules.ts'
import type { V4Rules } from '../../rules/v4-rules.ts'
import { observeForm } from '../../facts/observed-form.ts'
import { checkGcsSignature } from './explain-signature.ts'

/** A start this little ahead is a clock, not a fault. */
const EARLY_SECONDS = 300

const RULES: V4Rules = {
  prefix: 'X-Goog-',
  algorithms: ['GOOG4-RSA-SHA256', 'GOOG4-HMAC-SHA256'],
  services: ['storage'],
  terminal: 'goog4_request',
  signatureLength: (algorithm) => (algorithm === 'GOOG4-HMAC-SHA256' ? 64 : 512),
}

const FORM_RULES = {
  needed: 'key policy x-goog-algorithm x-goog-credential x-goog-date x-goog-signature'.split(' '),
  uncovered: ['x-goog-signature', 'policy', 'file'],
}

/** Says what is wrong with a request of this dialect. */
export function explainGcs(context: ExplainContext): DialectExplanation {
  const { request, detection, now } = context
  const error = readProviderError(context.response)
  const time = timeFindings(detection, error?.serverTime ?? now, {
    toleranceSeconds: EARLY_SECONDS,
  })
  const answer = answerFindings(error, context)
  if (detection.form === 'form') {
    const broken = policyFindings(observeForm(request) ?? [], FORM_RULES)
    return { findings: [...time, ...broken, ...answer], signature: 'unchecked' }
  }
  if (detection.scheme === 'V2') {
    return { findings: [...version2Findings(context), ...time, ...answer], signature: 'unchecked' }
  }
  if (detection.form === 'header') return { findings: [...time, ...answer], signature: 'unchecked' }
  const visible = [
    ...v4QueryFindings(request.url, adjust(context)),
    ...time,
    ...headerFindings(request, detection, 'x-goog-'),
    ...methodFindings(request, detection.methods),
    ...answer,
  ]
  const checked = checkGcsSignature(context, error)
  const guesses =
    checked.signature === 'valid'
      ? []
      : spellingFindings(request.url, saysSignatureMismatch(error) ? 0.15 : 0)
  return { ...checked, findings: [...visible, ...guesses, ...checked.findings] }
}

function version2Findings({ request }: ExplainContext): Finding[] {
  const values = valuesByName(request.url.parameters)
  const old: Finding = { code: 'sigv2-refused', confidence: 0.5 }
  if (values.get('signature')?.includes(' ') === true) {
    return [{ code: 'signature-plus-decoded', confidence: 0.96 }, old]
  }
  const isWhole = values.has('signature') && values.has('expires')
  if (isWhole) return [old]
  return [{ code: 'url-truncated', confidence: 0.95, facts: { where: 'the query' } }, old]
}

/** Service accounts may hold keys of other sizes: any even length from 1024 bits on is a signature. */
function adjust({ request }: ExplainContext): V4Rules {
  const values = valuesByName(request.url.parameters)
  const { length } = values.get('x-goog-signature') ?? ''
  const isWhole = length >= 256 && length % 64 === 0
  return isWhole && values.get('x-goog-algorithm') === 'GOOG4-RSA-SHA256'
    ? { ...RULES, signatureLength: () => null }
    : RULES
}

type Answer = (error: ProviderError, context: ExplainContext) => Finding

const ANSWERS: readonly (readonly [when: RegExp, finding: Answer])[] = [
  [
    /^ExpiredToken |token has expired/i,
    () => {
      const facts = { expiredAt: 'its end', ago: 'some time' }
      return { code: 'url-expired', confidence: 0.94, facts }
    },
  ],
  [
    /^MalformedSecurityHeader /,
    (error) => {
      const names = showText(error.elements.get('ParameterName') ?? 'one of X-Goog-*', 60)
      const facts = { names, reason: 'the service cannot read it' }
      return { code: 'parameter-malformed', confidence: 0.9, facts }
    },
  ],
  [
    /^(?:InvalidAccessKeyId|UserAccountProblem) /,
    (_, { detection }) => {
      const facts = { keyId: detection.keyId ?? 'of the URL' }
      return { code: 'key-unknown', confidence: 0.93, facts }
    },
  ],
  [/^NoSuchKey /, () => ({ code: 'object-missing', confidence: 0.96 })],
  [/^NoSuchBucket /, () => ({ code: 'bucket-missing', confidence: 0.96 })],
  [
    /^AccessDenied .*Anonymous caller/i,
    () => {
      const names = 'the service saw no signature, and took the caller for anonymous'
      return { code: 'parameter-removed', confidence: 0.9, facts: { names } }
    },
  ],
  [/^AccessDenied /, () => ({ code: 'signer-not-allowed', confidence: 0.8 })],
  [/^SignatureDoesNotMatch /, () => ({ code: 'signature-mismatch', confidence: 0.4 })],
]

function answerFindings(error: ProviderError | null, context: ExplainContext): Finding[] {
  if (error === null) return []
  const text = `${error.code} ${error.message} ${error.elements.get('Details') ?? ''}`
  const answer = ANSWERS.find(([when]) => when.test(text))?.[1]
  if (answer === undefined) return []
  const finding = answer(error, context)
  const evidence = showText(`the provider answered ${error.status ?? ''} ${error.code}`, 120)
  return [
    finding.code === 'signature-mismatch' ? finding : { evidence, ...finding, source: 'answer' },
  ]
}
