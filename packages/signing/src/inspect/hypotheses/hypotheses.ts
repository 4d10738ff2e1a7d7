/**
 * The search for the one change that makes a signature fit. A dialect gives a view of the request, ways of changing
 * it, and a test; this tries each way alone, then each two together, within a budget of bytes hashed.
 *
 * @module
 */
import type { CauseCode } from '../causes.ts'
import type { CauseFacts, Finding } from '../facts/dialect-facts.ts'
import type { TrialBudget } from './trial-budget.ts'

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
  /** True if the signature of the request fits this view. Each call takes its trial from the budget. */
  readonly fits: (view: View) => boolean
  /** About how many bytes one test hashes. */
  readonly cost: number
  readonly budget: TrialBudget
}

/** Servers take request lines of 8 to 16 KiB, so nothing is searched for longer ones. */
const MAX_COST = 16 * 1024
const SINGLE_CONFIDENCE = 0.98
const PAIR_CONFIDENCE = 0.95

/** The findings that make the signature fit: none, one, or the two of a pair. */
export function searchHypotheses<View>(search: Search<View>): Finding[] {
  if (search.cost > MAX_COST) return []
  return searchSingles(search) ?? searchPairs(search) ?? []
}

function searchSingles<View>(search: Search<View>): Finding[] | null {
  for (const hypothesis of search.hypotheses) {
    for (const variant of hypothesis(search.view)) {
      if (search.budget.left() === 0) return null
      if (search.fits(variant.view)) return [toFinding(variant, SINGLE_CONFIDENCE)]
    }
  }
  return null
}

/** Half of what is left: other keys may be searched after this one. */
function searchPairs<View>(search: Search<View>): Finding[] | null {
  const { hypotheses, budget } = search
  const kept = budget.left() / 2
  for (const [index, first] of hypotheses.entries()) {
    for (const outer of first(search.view)) {
      for (const second of hypotheses.slice(index + 1)) {
        for (const inner of second(outer.view)) {
          if (budget.left() <= kept) return null
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
