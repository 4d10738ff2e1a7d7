import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../../src/core/errors.ts'
import { createPace } from '../../../src/core/policy/pace.ts'
import type { Paced, RequirePace } from '../../../src/core/policy/pace.ts'

function createScene(perSecond: number) {
  let now = 1_000_000
  const clock = { now: () => now }
  const requirePace = createPace({ address: perSecond, key: perSecond }, clock)
  return { requirePace, pass: (ms: number) => void (now += ms) }
}

/** How many of `asked` requests are let through. */
function count(
  requirePace: RequirePace,
  [of, who]: readonly [Paced, string],
  asked: number,
): number {
  let answered = 0
  for (let request = 0; request < asked; request += 1) {
    try {
      requirePace(of, who)
      answered += 1
    } catch (error) {
      assert.ok(isRefusal(error, 'too-many-requests'))
    }
  }
  return answered
}

test('twice as many as a second allows get through in one moment, and then as many as come back', () => {
  const { requirePace, pass } = createScene(5)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 100), 10)
  pass(1000)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 100), 5)
  pass(100)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 100), 0)
  pass(100)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 100), 1)
  pass(3_600_000)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 100), 10)
})

test('a refusal says when to come back, and who does is answered', () => {
  const { requirePace, pass } = createScene(1)
  count(requirePace, ['key', 'key_a'], 2)
  assert.throws(() => requirePace('key', 'key_a'), {
    code: 'too-many-requests',
    details: { of: 'key', perSecond: 1, retryAfterSeconds: 1 },
  })
  pass(1000)
  requirePace('key', 'key_a')
})

test('addresses and keys are counted apart, and the addresses of one IPv6 subscriber together', () => {
  const { requirePace } = createScene(1)
  assert.equal(count(requirePace, ['address', '2001:db8:0:1::1'], 1), 1)
  assert.equal(count(requirePace, ['address', '2001:db8:0:1:ffff::2'], 3), 1)
  assert.equal(count(requirePace, ['address', '2001:db8:0:2::1'], 3), 2)
  assert.equal(count(requirePace, ['address', '::ffff:203.0.113.9'], 1), 1)
  assert.equal(count(requirePace, ['address', '203.0.113.9'], 3), 1)
  assert.equal(count(requirePace, ['key', '203.0.113.9'], 3), 2)
})

test('a clock that is set back gives nothing and takes nothing', () => {
  const { requirePace, pass } = createScene(1)
  count(requirePace, ['key', 'a'], 2)
  pass(-3_600_000)
  assert.equal(count(requirePace, ['key', 'a'], 1), 0)
  pass(1000)
  assert.equal(count(requirePace, ['key', 'a'], 2), 1)
})

test('without a limit nobody is counted', () => {
  assert.equal(count(createScene(0).requirePace, ['key', 'a'], 1000), 1000)
})

test('what stands for many is let through like one, and waited for afterwards', () => {
  const { requirePace, pass } = createScene(5)
  requirePace('key', 'a', 100)
  assert.equal(count(requirePace, ['key', 'a'], 10), 0)
  pass(18_000)
  assert.equal(count(requirePace, ['key', 'a'], 10), 0)
  pass(400)
  assert.equal(count(requirePace, ['key', 'a'], 10), 2)
})
