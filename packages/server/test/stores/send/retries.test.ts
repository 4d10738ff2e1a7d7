import assert from 'node:assert/strict'
import { test } from 'node:test'
import { backOff } from '../../../src/stores/send/back-off.ts'
import { createRetryBudget } from '../../../src/stores/send/retry-budget.ts'

const drawing = (byte: number): { bytes: () => Uint8Array } => ({
  bytes: () => Uint8Array.of(byte),
})

test('waits grow, are drawn from nothing to all of it, and have an end', () => {
  const most = [1, 2, 3, 20].map((retry) => backOff(drawing(255), retry, null) ?? 0)
  assert.ok(most.every((wait, at) => at === 0 || wait > (most[at - 1] ?? 0)))
  assert.ok((most.at(-1) ?? 0) <= 5000)
  assert.equal(backOff(drawing(0), 3, null), 0)
})

test('a store that says how long is waited for at least so long, or not at all', () => {
  assert.equal(backOff(drawing(0), 1, '7'), 7000)
  assert.equal(backOff(drawing(0), 1, '21'), null)
  assert.equal(backOff(drawing(0), 1, 'Wed, 21 Oct 2015 07:28:00 GMT'), 0)
})

test('a store that fails everybody is asked again by few', () => {
  const budget = createRetryBudget()
  let taken = 0
  while (budget.take()) taken += 1
  assert.equal(taken, 50)
  for (let requests = 0; requests < 9; requests += 1) budget.earn()
  assert.equal(budget.take(), false)
  for (let requests = 0; requests < 2; requests += 1) budget.earn()
  assert.equal(budget.take(), true)
})
