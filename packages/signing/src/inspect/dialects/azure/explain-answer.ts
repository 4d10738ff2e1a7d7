/**
 * What Azure's own error says.
 *
 * @module
 */
import type { CauseCode } from '../../causes.ts'
import type { CauseFacts, ExplainContext, Finding } from '../../facts/dialect-facts.ts'
import { showText, valuesByName } from '../../facts/detection.ts'
import type { ProviderError } from '../../rules/provider-error.ts'

interface AnswerRule {
  readonly when: RegExp
  readonly code: CauseCode
  readonly confidence: number
  readonly facts?: (context: ExplainContext) => CauseFacts
}

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
    when: /^InvalidHeaderValue .*x-ms-version/,
    code: 'version-unsupported',
    confidence: 0.9,
    facts: versionFacts,
  },
  { when: /signature did not match/i, code: 'signature-mismatch', confidence: 0.4 },
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
  const rule = RULES.find(({ when }) => when.test(text))
  if (rule === undefined) return []
  const { code, confidence, facts } = rule
  return [{ code, confidence, ...(facts === undefined ? {} : { facts: facts(context) }) }]
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
