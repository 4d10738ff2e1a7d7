import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBodyPace } from '../../src/http/body-pace.ts'

const RULE = { windowMs: 30_000, minBytesPerSecond: 1024 }

test('a body that brings nothing for the whole window is too slow', () => {
  const pace = createBodyPace(RULE)
  pace.wait(1000)
  assert.equal(pace.isTooSlow(30_999), false)
  assert.equal(pace.isTooSlow(31_000), true)
})

test('a byte a second does not help', () => {
  const pace = createBodyPace(RULE)
  let now = 0
  while (!pace.isTooSlow(now)) {
    pace.wait(now)
    now += 1000
    pace.receive(now, 1)
    assert.ok(now <= 30_000)
  }
  assert.equal(now, 30_000)
})

test('twenty minutes at 64 KiB a second pass', () => {
  const pace = createBodyPace(RULE)
  for (let now = 0; now < 20 * 60_000; now += 1000) {
    pace.wait(now)
    assert.equal(pace.isTooSlow(now + 999), false)
    pace.receive(now + 1000, 64 * 1024)
  }
})

test('time the server takes itself is not the sender\u2019s', () => {
  const pace = createBodyPace(RULE)
  pace.wait(0)
  pace.receive(10, 100)
  assert.equal(pace.isTooSlow(600_000), false)
})
