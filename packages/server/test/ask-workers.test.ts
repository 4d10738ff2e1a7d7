import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createAsking } from '../src/ask-workers.ts'

const PATIENCE_MS = 600_000

describe('a question to all workers', () => {
  test('is answered when each has answered or ended', async () => {
    const asking = createAsking<string>(PATIENCE_MS)
    const told: [number, number][] = []
    const asked = asking.ask([4, 5, 6], (worker, id) => void told.push([worker, id]))
    const [, id = 0] = told[0] ?? []
    assert.deepEqual(
      told.map(([worker]) => worker),
      [4, 5, 6],
    )
    asking.heard(5, id, 'five')
    asking.heard(5, id, 'again')
    asking.heard(5, id + 1, 'to another question')
    asking.ended(4)
    asking.heard(6, id, 'six')
    assert.deepEqual(await asked, { answers: ['five', 'six'], isComplete: true })
  })

  test('is answered at once when there are none', async () => {
    const asking = createAsking<string>(PATIENCE_MS)
    assert.deepEqual(await asking.ask([], () => assert.fail()), { answers: [], isComplete: true })
  })

  test('does not wait for ever for one that hangs, and says that it is missing', async () => {
    const asking = createAsking<string>(1)
    const asked = asking.ask([1, 2], (worker, id) => {
      if (worker === 2) asking.heard(worker, id, 'two')
    })
    assert.deepEqual(await asked, { answers: ['two'], isComplete: false })
  })
})
