/**
 * Brings what the rules found and what the verifier says together, so that the two never contradict each other.
 *
 * @module
 */
import type { AnySigningError, SigningErrorCode } from '../../errors.ts'
import type { DialectExplanation, Finding } from '../facts/dialect-facts.ts'
import { causeOfRefusal, isRefutedByAcceptance, standsFor } from './cause-of-refusal.ts'
import type { Verdict } from './verdict.ts'

/** What `explain` says of the signature. */
export type SignatureState = 'valid' | 'refused' | 'invalid' | 'unchecked'

/** Findings and state of the signature, in agreement with the verdict. */
export interface Reconciled {
  readonly findings: readonly Finding[]
  readonly signature: SignatureState
}

const MAX_CONFIDENCE = 0.99
const SURE = 0.9
/** Refusals that leave open what is behind them. */
const LEAST: Partial<Record<SigningErrorCode, number>> = {
  'signature-mismatch': 0.4,
  'key-unknown': 0.6,
  // Stored policies are known to the service alone.
  'policy-unknown': 0.5,
}
/** The provider's own word stands first, whatever a verifier here would say. */
const SURE_ANSWER = 0.85

/** Findings the verdict refutes are dropped; a refusal that no finding stands for becomes one, and leads. */
export function reconcile(
  verdict: Verdict,
  findings: readonly Finding[],
  signature: DialectExplanation['signature'],
): Reconciled {
  if (verdict.is === 'unknown') return { findings, signature }
  if (verdict.is === 'taken') {
    const kept = findings.filter(
      ({ code, source }) => source !== undefined || !isRefutedByAcceptance(code),
    )
    return { findings: kept, signature: 'valid' }
  }
  const { error } = verdict
  const isOfSignature = error.code === 'signature-mismatch'
  const state = signature !== 'valid' ? signature : isOfSignature ? 'invalid' : 'refused'
  return { findings: lead(findings, error), signature: stateOf(state, error) }
}

function stateOf(state: SignatureState, { code }: AnySigningError): SignatureState {
  return code === 'signature-mismatch' && state === 'unchecked' ? 'invalid' : state
}

/** The findings, one that stands for the refusal in front of all that the provider did not say itself. */
function lead(findings: readonly Finding[], error: AnySigningError): readonly Finding[] {
  const isAnswer = ({ source, confidence }: Finding): boolean =>
    source === 'answer' && confidence >= SURE_ANSWER
  const fitting = findings.filter(({ code }) => standsFor(code, error.code))
  const best = fitting.toSorted((a, b) => b.confidence - a.confidence)[0]
  const others = findings.filter(
    (finding) => !isAnswer(finding) && !standsFor(finding.code, error.code),
  )
  const most = Math.max(0, ...others.map(({ confidence }) => confidence))
  const least = LEAST[error.code] ?? SURE
  if (best !== undefined && best.confidence > most && best.confidence >= least) return findings
  const confidence = Math.min(MAX_CONFIDENCE, Math.max(most + 0.005, least))
  const leader = { ...(best ?? causeOfRefusal(error)), confidence }
  const capped = findings.map((finding) => {
    const isOver = !isAnswer(finding) && finding !== best && finding.confidence >= confidence
    return isOver ? { ...finding, confidence: confidence - 0.005 } : finding
  })
  return [leader, ...capped]
}
