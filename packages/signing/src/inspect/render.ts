/**
 * Turns findings into causes for people: duplicates merged, sentences filled in, likeliest first, secrets out.
 *
 * @module
 */
import { CAUSES } from './causes.ts'
import type { CauseCode } from './causes.ts'
import type { Finding } from './facts/dialect-facts.ts'
import { showText } from './facts/detection.ts'

/** One reason, with its sentences filled in. Holds no secret, no expected signature and no usable URL. */
export interface Cause {
  /** Stable; its paragraph is in docs/explain.md. */
  readonly code: CauseCode
  /** From 0 to 1. */
  readonly confidence: number
  readonly what: string
  readonly fix: string
  readonly evidence?: string
}

const MAX_CAUSES = 12
const MAX_SENTENCE = 600
const MIN_SECRET_LENGTH = 4

/** Causes, each code once with its highest confidence. */
export function renderCauses(findings: readonly Finding[], secrets: readonly string[]): Cause[] {
  const best = new Map<CauseCode, Finding>()
  for (const finding of findings) {
    const before = best.get(finding.code)
    if (before === undefined || before.confidence < finding.confidence) {
      best.set(finding.code, finding)
    }
  }
  const scrub = createScrubber(secrets)
  return [...best.values()]
    .toSorted((a, b) => b.confidence - a.confidence)
    .slice(0, MAX_CAUSES)
    .map((finding) => renderCause(finding, scrub))
}

function renderCause(finding: Finding, scrub: (text: string) => string): Cause {
  const { code, confidence, facts = {}, evidence } = finding
  const text = CAUSES[code]
  const fill = (sentence: string): string =>
    scrub(
      showText(
        sentence.replace(/\{(\w+)(?:\|([^}]*))?\}/g, (_, name: string, otherwise?: string) =>
          showFact(facts[name] ?? otherwise),
        ),
        MAX_SENTENCE,
      ),
    )
  return {
    code,
    confidence: Math.round(confidence * 100) / 100,
    what: fill(text.what),
    fix: fill(text.fix),
    ...(evidence === undefined ? {} : { evidence: scrub(showText(evidence)) }),
  }
}

function showFact(value: string | number | undefined): string {
  if (value === undefined) return 'unknown'
  return typeof value === 'number' ? String(value) : showText(value, 400)
}

/** Removes every secret, in whichever encoding it was collected, from a text. */
function createScrubber(secrets: readonly string[]): (text: string) => string {
  const long = [...new Set(secrets)]
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .toSorted((a, b) => b.length - a.length)
  return (text) => {
    let clean = text
    for (const secret of long) clean = clean.replaceAll(secret, '[secret]')
    return clean
  }
}
