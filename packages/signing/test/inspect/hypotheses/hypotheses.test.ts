import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTrialBudget, withinBudget } from '../../../src/inspect/hypotheses/trial-budget.ts'
import { searchHypotheses } from '../../../src/inspect/hypotheses/hypotheses.ts'
import type { Hypothesis } from '../../../src/inspect/hypotheses/hypotheses.ts'

interface View {
  readonly a: number
  readonly b: number
}

const HYPOTHESES: readonly Hypothesis<View>[] = [
  (view) => [1, 2, 3].map((a) => ({ view: { ...view, a }, code: 'method-differs' as const })),
  (view) => [1, 2, 3].map((b) => ({ view: { ...view, b }, code: 'host-changed' as const })),
]

function search(target: View, cost = 10, maxTrials?: number): string[] {
  const budget = createTrialBudget(maxTrials)
  const fits = ({ a, b }: View): boolean => a === target.a && b === target.b
  return searchHypotheses({
    view: { a: 0, b: 0 },
    hypotheses: HYPOTHESES,
    fits: withinBudget(budget, cost, fits),
    cost,
    budget,
  }).map(({ code }) => code)
}

test('one change is found before two, and two are found together', () => {
  assert.deepEqual(search({ a: 0, b: 2 }), ['host-changed'])
  assert.deepEqual(search({ a: 3, b: 2 }), ['method-differs', 'host-changed'])
})

test('what no change and no two changes explain gives nothing', () => {
  assert.deepEqual(search({ a: 9, b: 9 }), [])
})

test('nothing is tried where one trial costs too much', () => {
  assert.deepEqual(search({ a: 0, b: 2 }, 1024 * 1024), [])
})

test('a smaller budget ends earlier, and finds what comes first', () => {
  assert.deepEqual(search({ a: 0, b: 2 }, 10, 100), ['host-changed'])
  assert.deepEqual(search({ a: 3, b: 2 }, 10, 4), [])
  assert.deepEqual(search({ a: 0, b: 2 }, 10_000, 10), [])
})
