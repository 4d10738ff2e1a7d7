import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRefusal } from '../../../src/core/errors.ts'
import { beginGuess } from '../../../src/core/shares/password-attempts.ts'
import type { TestCore } from '../../support/core.ts'
import { createTestCore } from '../../support/core.ts'

/** Seconds to wait; 0 if the guess is looked at. */
async function guess(core: TestCore, shareId: string, address: string): Promise<number> {
  try {
    await beginGuess(core, { shareId, address })
    return 0
  } catch (error) {
    if (isRefusal(error, 'too-many-passwords')) return error.details.retryAfterSeconds
    throw error
  }
}

test('the sixth wrong password within a minute waits, for one share from anywhere', async () => {
  const core = await createTestCore()
  for (let count = 1; count <= 5; count += 1) {
    assert.equal(await guess(core, 'share_a', `10.0.${count}.1`), 0)
    core.clock.advance(1000)
  }
  assert.equal(await guess(core, 'share_a', '10.9.9.9'), 55)
  assert.equal(await guess(core, 'share_b', '10.9.9.9'), 0)
  core.clock.advance(55_000)
  assert.equal(await guess(core, 'share_a', '10.9.9.9'), 0)
  assert.equal(await guess(core, 'share_a', '10.9.9.9'), 1)
})

test('the same from one network for any share; one of IPv6 is a whole network', async () => {
  const core = await createTestCore()
  for (let count = 1; count <= 5; count += 1) {
    assert.equal(await guess(core, `share_${count}`, `2001:db8::${count}`), 0)
  }
  assert.equal(await guess(core, 'share_other', '2001:db8::99'), 60)
  assert.equal(await guess(core, 'share_other', '2001:db9::1'), 0)
})

test('the right password counts for nothing, however often', async () => {
  const core = await createTestCore()
  for (let count = 1; count <= 20; count += 1) {
    const begun = await beginGuess(core, { shareId: 'share_a', address: '10.0.0.1' })
    await begun.forgive()
  }
})
