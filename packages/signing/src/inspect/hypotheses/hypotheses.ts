/**
 * The search for the one change that makes a signature fit. A dialect gives a view of the request, ways of changing
 * it, and a test; this tries each way alone, then each two together, within a budget of bytes hashed.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { CauseFacts, Finding } from '../facts/dialect-facts.ts'

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

/** About how many bytes one search may hash, so that hostile requests cost no more than honest ones. */
const BUDGET_BYTES = 4 * 1024 * 1024
const MAX_TRIALS = 6000
/** Servers take request lines of 8 to 16 KiB, so nothing is searched for longer ones. */
const MAX_COST = 16 * 1024
const SINGLE_CONFIDENCE = 0.98
const PAIR_CONFIDENCE = 0.95

/** The findings that make the signature fit: none, one, or the two of a pair. */
export function searchHypotheses<View>(search: Search<View>): Finding[] {
  if (search.cost > MAX_COST) return []
  const trials = Math.floor(BUDGET_BYTES / Math.max(search.cost, 1))
  const budget = { left: Math.min(MAX_TRIALS, trials) }
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
