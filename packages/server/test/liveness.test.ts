import assert from 'node:assert/strict'
import { test } from 'node:test'
import { watchLiveness } from '../src/liveness.ts'

test('a process that answers now and then is never given up', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let asked = 0
  let gaveUp = 0
  const liveness = watchLiveness({
    everyMs: 1000,
    maxUnanswered: () => 5,
    ask: () => {
      asked += 1
      if (asked % 5 === 0) liveness.heard()
    },
    giveUp: () => {
      gaveUp += 1
    },
  })
  t.mock.timers.tick(100_000)
  assert.equal(asked, 100)
  assert.equal(gaveUp, 0)
  liveness.end()
  t.mock.timers.tick(100_000)
  assert.equal(asked, 100)
})

test('a process that leaves five questions unanswered is given up, once', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let asked = 0
  let gaveUp = 0
  watchLiveness({
    everyMs: 1000,
    maxUnanswered: () => 5,
    ask: () => {
      asked += 1
    },
    giveUp: () => {
      gaveUp += 1
    },
  })
  t.mock.timers.tick(5000)
  assert.deepEqual([asked, gaveUp], [5, 0])
  t.mock.timers.tick(60_000)
  assert.deepEqual([asked, gaveUp], [5, 1])
})
