/**
 * Says why a request of a further scheme fails. What cannot be computed is judged by what the URL says: its times, its
 * parameters, its text.
 *
 * @module
 */
import type {
  Detection,
  DialectExplanation,
  ExplainContext,
  Explainer,
  Finding,
} from '../facts/dialect-facts.ts'
import type { ParameterRules } from '../rules/parameter-rules.ts'
import { parameterFindings } from '../rules/parameter-rules.ts'
import { serverNow } from '../rules/provider-error.ts'
import { timeFindings } from '../rules/time-rules.ts'

/** `check` says what the keys show of the signature, where that is computed here. */
export function createSchemeExplainer(
  rules: ParameterRules = { needed: [], single: [] },
  check: Explainer = unchecked,
): Explainer {
  return (context) => {
    const checked = check(context)
    return { ...checked, findings: [...visibleFindings(rules, context), ...checked.findings] }
  }
}

function unchecked(): DialectExplanation {
  return { findings: [], signature: 'unchecked' }
}

function visibleFindings(rules: ParameterRules, context: ExplainContext): Finding[] {
  const { request, detection } = context
  const parameters = detection.form === 'url' ? parameterFindings(request.url, rules) : []
  const advice = detection.issues.map(({ code }): Finding => ({ code, confidence: 0.3 }))
  return [...parameters, ...timeFindings(livingOf(detection), serverNow(context)), ...advice]
}

/** A start that is only the time of signing says nothing of clocks here. */
function livingOf({ startsAt, expiresAt }: Detection): Pick<Detection, 'startsAt' | 'expiresAt'> {
  return { startsAt: expiresAt === null ? null : startsAt, expiresAt }
}
