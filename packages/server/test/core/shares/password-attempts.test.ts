import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../../src/core/errors.ts'
import { createPasswordAttempts } from '../../../src/core/shares/password-attempts.ts'

function start(processes?: number) {
  let now = 1_000_000
  const attempts = createPasswordAttempts({ now: () => now }, processes)
  return {
    ...attempts,
    advance: (ms: number) => {
      now += ms
    },
    /** Seconds to wait; 0 if the guess is looked at. */
    guess: (shareId: string, address: string): number => {
      try {
        attempts.begin({ shareId, address })
        return 0
      } catch (error) {
        if (isRefusal(error, 'too-many-passwords')) return error.details.retryAfterSeconds
        throw error
      }
    },
  }
}

test('the sixth wrong password within a minute waits, for one share from anywhere', () => {
  const { guess, advance } = start()
  for (let count = 1; count <= 5; count += 1) {
    assert.equal(guess('share_a', `10.0.${count}.1`), 0)
    advance(1000)
  }
  assert.equal(guess('share_a', '10.9.9.9'), 55)
  assert.equal(guess('share_b', '10.9.9.9'), 0)
  advance(55_000)
  assert.equal(guess('share_a', '10.9.9.9'), 0)
  assert.equal(guess('share_a', '10.9.9.9'), 1)
})

test('the same from one network for any share; one of IPv6 is a whole network', () => {
  const { guess } = start()
  for (let count = 1; count <= 5; count += 1) {
    assert.equal(guess(`share_${count}`, `2001:db8::${count}`), 0)
  }
  assert.equal(guess('share_other', '2001:db8::99'), 60)
  assert.equal(guess('share_other', '2001:db9::1'), 0)
})

test('the right password counts for nothing, however often', () => {
  const attempts = start()
  for (let count = 1; count <= 50; count += 1) {
    assert.equal(attempts.guess('share_a', '10.0.0.1'), 0)
    attempts.forgive({ shareId: 'share_a', address: '10.0.0.1' })
  }
})

test('of several processes each looks at its part, so that together they look at no more', () => {
  for (const [processes, each] of [
    [2, 2],
    [3, 1],
    [16, 1],
  ] as const) {
    const { guess } = start(processes)
    for (let count = 1; count <= each; count += 1) assert.equal(guess('share_a', '10.0.0.1'), 0)
    assert.equal(guess('share_a', '10.0.0.1'), 60)
  }
})
