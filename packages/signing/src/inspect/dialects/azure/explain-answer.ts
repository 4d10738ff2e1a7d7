/**
 * What Azure's own error says.
 *
 * @module
 */
import type { CauseCode } from '../../causes.ts'
import type { CauseFacts, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { showText, valuesByName } from '../../facts/detection.ts'
import type { ProviderError } from '../../rules/provider-error.ts'
import { formatDuration, iso } from '../../rules/time-rules.ts'

interface AnswerRule {
  readonly when: RegExp
  readonly code: CauseCode
  readonly confidence: number
  /** The text is what was matched. */
  readonly facts?: (context: ExplainContext, text: string) => CauseFacts
}

const TIME_FRAME =
  /specified time frame: Start \[([^\]]{0,40})\] - Expiry \[([^\]]{1,40})\] - Current \[([^\]]{1,40})\]/i

/** Matched against code, message and detail. */
const RULES: readonly AnswerRule[] = [
  {
    when: /^AuthorizationPermissionMismatch/,
    code: 'permission-missing',
    confidence: 0.93,
    facts: permissionFacts,
  },
  {
    when: /^AuthorizationSourceIPMismatch/,
    code: 'ip-not-allowed',
    confidence: 0.97,
    facts: ipFacts,
  },
  { when: /^AuthorizationProtocolMismatch/, code: 'protocol-not-allowed', confidence: 0.97 },
  {
    when: /^AuthorizationResourceTypeMismatch/,
    code: 'resource-type-mismatch',
    confidence: 0.93,
    facts: typeFacts,
  },
  {
    when: /^AuthorizationServiceMismatch/,
    code: 'resource-type-mismatch',
    confidence: 0.9,
    facts: typeFacts,
  },
  { when: /^(?:BlobNotFound|ResourceNotFound)/, code: 'object-missing', confidence: 0.93 },
  { when: /^ContainerNotFound/, code: 'bucket-missing', confidence: 0.95 },
  {
    when: /access policy|signed identifier/i,
    code: 'stored-policy-missing',
    confidence: 0.94,
    facts: policyFacts,
  },
  {
    when: /^InvalidHeaderValue .*(?:x-ms-version|API version)/i,
    code: 'version-unsupported',
    confidence: 0.9,
    facts: versionFacts,
  },
  {
    when: /^AuthenticationFailed .*\b([a-z]{2,5}) is mandatory/,
    code: 'parameter-missing',
    confidence: 0.93,
    facts: (_, text) => ({ names: /\b([a-z]{2,5}) is mandatory/.exec(text)?.[1] ?? 'it names' }),
  },
  {
    when: /^AuthenticationFailed .*fields not well formed/i,
    code: 'parameter-malformed',
    confidence: 0.9,
    facts: () => ({
      names: 'that it does not name',
      reason: 'one of them is no value of its kind, or they do not go together',
    }),
  },
  {
    when: /^AuthenticationFailed .*expiry time .* must be after signed start time/i,
    code: 'parameter-malformed',
    confidence: 0.93,
    facts: () => ({ names: 'se', reason: 'it is not after st' }),
  },
  { when: /signature did not match/i, code: 'signature-mismatch', confidence: 0.4 },
  // Without a detail the service says no more than that.
  {
    when: /^AuthenticationFailed .*including the signature/i,
    code: 'signature-mismatch',
    confidence: 0.4,
  },
]

/** What the answer says; empty without one. */
export function azureAnswerFindings(
  context: ExplainContext,
  error: ProviderError | null,
): Finding[] {
  if (error === null) return []
  const detail = error.elements.get('AuthenticationErrorDetail') ?? ''
  const header = error.elements.get('HeaderName') ?? ''
  const text = `${error.code} ${error.message} ${detail} ${header}`
    .replaceAll('\n', ' ')
    .slice(0, 4000)
  const evidence = showText(`the provider answered ${error.status ?? ''} ${error.code}`, 120)
  const time = timeFinding(text, evidence)
  if (time !== null) return [time]
  const rule = RULES.find(({ when }) => when.test(text))
  if (rule === undefined) return []
  const { code, confidence, facts } = rule
  return [
    {
      code,
      confidence,
      evidence,
      ...(code === 'signature-mismatch' ? {} : { source: 'answer' }),
      ...(facts === undefined ? {} : { facts: facts(context, text) }),
    },
  ]
}

/** The clock of the service against the times of the token, which it quotes. */
function timeFinding(text: string, evidence: string): Finding | null {
  const [, start = '', expiry = '', current = ''] = TIME_FRAME.exec(text) ?? []
  const [startMs, expiryMs, currentMs] = [start, expiry, current].map((time) => Date.parse(time))
  if (expiryMs === undefined || currentMs === undefined) return null
  if (currentMs >= expiryMs) {
    const facts = {
      expiredAt: iso(new Date(expiryMs)),
      ago: formatDuration(currentMs - expiryMs),
    }
    return { code: 'url-expired', confidence: 0.98, facts, source: 'answer', evidence }
  }
  if (startMs === undefined || !(currentMs < startMs)) return null
  const facts = {
    startsAt: iso(new Date(startMs)),
    ahead: formatDuration(startMs - currentMs),
  }
  return { code: 'url-not-yet-valid', confidence: 0.97, facts, source: 'answer', evidence }
}

function valueOf({ request }: ExplainContext, name: string): string {
  return showText(valuesByName(request.url.parameters).get(name) ?? '(none)', 80)
}

function permissionFacts(context: ExplainContext): CauseFacts {
  return {
    granted: `the letters ${valueOf(context, 'sp')}`,
    needed: context.request.method === null ? 'another one' : `one for ${context.request.method}`,
  }
}

function ipFacts(context: ExplainContext): CauseFacts {
  return { allowed: valueOf(context, 'sip') }
}

function typeFacts(context: ExplainContext): CauseFacts {
  const granted = `services ${valueOf(context, 'ss')} and types ${valueOf(context, 'srt')}`
  return { granted, needed: 'another one' }
}

function policyFacts(context: ExplainContext): CauseFacts {
  return { policy: valueOf(context, 'si') }
}

function versionFacts(context: ExplainContext): CauseFacts {
  return { version: valueOf(context, 'sv') }
}
