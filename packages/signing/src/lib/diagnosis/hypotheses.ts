/**
 * The search for the one change that makes a signature fit. A dialect gives a view of the request, ways of changing
 * it, and a test; this tries each way alone, then each two together, within a budget of bytes hashed.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { CauseFacts, Finding } from '../dialect-facts.ts'

/** One changed view, and what the change means if it fits. */
export interface Variant<View> {
  readonly view: View
  readonly code: CauseCode
  readonly facts?: CauseFacts
}

/** One way of being wrong: gives the views to try. */
export type Hypothesis<View> = (view: View) => Iterable<Variant<View>>

/** What a search needs. */
export interface Search<View> {
  readonly view: View
  readonly hypotheses: readonly Hypothesis<View>[]
  /** True if the signature of the request fits this view. */
  readonly fits: (view: View) => boolean
  /** About how many bytes one test hashes. */
  readonly cost: number
}

/** Bytes hashed in one search; at a gigabyte a second the search stays under a tenth of a second. */
const BUDGET_BYTES = 48 * 1024 * 1024
const MAX_TRIALS = 12_000
const SINGLE_CONFIDENCE = 0.98
const PAIR_CONFIDENCE = 0.95

/** The findings that make the signature fit: none, one, or the two of a pair. */
export function searchHypotheses<View>(search: Search<View>): Finding[] {
  const trials = Math.min(MAX_TRIALS, Math.floor(BUDGET_BYTES / Math.max(search.cost, 1)))
  const budget = { left: Math.max(trials, 8) }
  return searchSingles(search, budget) ?? searchPairs(search, budget) ?? []
}

function searchSingles<View>(search: Search<View>, budget: { left: number }): Finding[] | null {
  for (const hypothesis of search.hypotheses) {
    for (const variant of hypothesis(search.view)) {
      if (budget.left <= 0) return null
      budget.left -= 1
      if (search.fits(variant.view)) return [toFinding(variant, SINGLE_CONFIDENCE)]
    }
  }
  return null
}

function searchPairs<View>(search: Search<View>, budget: { left: number }): Finding[] | null {
  const { hypotheses } = search
  for (const [index, first] of hypotheses.entries()) {
    for (const outer of first(search.view)) {
      for (const second of hypotheses.slice(index + 1)) {
        for (const inner of second(outer.view)) {
          if (budget.left <= 0) return null
          budget.left -= 1
          if (search.fits(inner.view)) {
            return [toFinding(outer, PAIR_CONFIDENCE), toFinding(inner, PAIR_CONFIDENCE - 0.01)]
          }
        }
      }
    }
  }
  return null
}

function toFinding<View>({ code, facts }: Variant<View>, confidence: number): Finding {
  return facts === undefined ? { code, confidence } : { code, confidence, facts }
}
