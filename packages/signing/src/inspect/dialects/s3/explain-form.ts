/**
 * Why a POST form with an S3 policy fails.
 *
 * @module
 */
import type { DialectExplanation, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { equalText } from '../../../lib/constant-time.ts'
import { S3_SCHEME } from '../../../dialects/s3/params.ts'
import { parseV4Credential } from '../../../lib/v4.ts'
import { deriveV4KeyBytes } from '../../../lib/v4-key-chain.ts'
import { hmacHex, prepareHmacKey } from '../../../lib/hmac.ts'
import { policyFindings } from '../../rules/policy-rules.ts'
import { readProviderError } from '../../rules/provider-error.ts'
import { keysFor, otherSecrets, secretVariants } from '../../hypotheses/secret-variants.ts'
import { withinBudget } from '../../hypotheses/trial-budget.ts'
import { timeFindings } from '../../rules/time-rules.ts'
import { valuesByName } from '../../facts/detection.ts'
import { observeForm } from '../../facts/observed-form.ts'
import { s3AnswerFindings } from './explain-answer.ts'
import { sha256 } from '../../../lib/sha256.ts'

const RULES = {
  needed: ['key', 'policy', 'x-amz-algorithm', 'x-amz-credential', 'x-amz-date', 'x-amz-signature'],
  uncovered: ['x-amz-signature', 'policy', 'file'],
}

/** Says what is wrong with a form. */
export function explainS3Form(context: ExplainContext): DialectExplanation {
  const fields = observeForm(context.request) ?? []
  const error = readProviderError(context.response)
  const { detection, now } = context
  const time = timeFindings(
    { startsAt: null, expiresAt: detection.expiresAt },
    error?.serverTime ?? now,
  )
  const findings = [...time, ...policyFindings(fields, RULES), ...s3AnswerFindings(context, error)]
  const checked = checkSignature(context, valuesByName(fields))
  return { ...checked, findings: [...findings, ...checked.findings] }
}

function checkSignature(
  { keys, detection, budget }: ExplainContext,
  values: ReadonlyMap<string, string>,
): DialectExplanation {
  const credential = parseV4Credential(values.get('x-amz-credential') ?? '')
  const policy = values.get('policy')
  const signature = (values.get('x-amz-signature') ?? '').toLowerCase()
  const usable = keysFor(keys, 's3', detection.keyId).filter(({ secret }) => Boolean(secret))
  if (credential === null || policy === undefined || usable.length === 0) {
    return { findings: [], signature: 'unchecked' }
  }
  const { scope } = credential
  const computed: string[] = []
  const fits = withinBudget(budget, policy.length, (secret: string): boolean => {
    const key = prepareHmacKey(sha256, deriveV4KeyBytes(S3_SCHEME, secret, scope))
    const expected = hmacHex(key, policy)
    computed.push(expected)
    return equalText(expected, signature)
  })
  for (const key of usable) {
    const secret = key.secret ?? ''
    if (fits(secret)) return { findings: [], signature: 'valid', computed }
    for (const variant of [...otherSecrets(keys, key), ...secretVariants(secret)]) {
      if (!fits(variant.secret)) continue
      const { code, facts } = variant
      return { findings: [{ code, confidence: 0.98, facts }], signature: 'invalid', computed }
    }
  }
  const mismatch: Finding = { code: 'key-mismatch', confidence: 0.5 }
  return { findings: [mismatch], signature: 'invalid', computed }
}
