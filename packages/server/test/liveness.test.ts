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
    usableShare: () => 1,
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
    usableShare: () => 1,
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

test('a question counts as much as the process had of the time to answer it', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  let asked = 0
  let gaveUp = 0
  let share = 0
  watchLiveness({
    everyMs: 1000,
    maxUnanswered: () => 5,
    usableShare: () => share,
    ask: () => {
      asked += 1
    },
    giveUp: () => {
      gaveUp += 1
    },
  })
  t.mock.timers.tick(100_000)
  assert.deepEqual([asked, gaveUp], [100, 0])
  share = 0.25
  t.mock.timers.tick(19_000)
  assert.equal(gaveUp, 0)
  t.mock.timers.tick(1000)
  assert.equal(gaveUp, 1)
})
