import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashApiKey } from '../../../src/core/keys/api-keys.ts'
import { ensureKeys } from '../../../src/core/keys/first-start.ts'
import { createTestCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const [FIRST, SECOND] = ['hp_first'.padEnd(40, '1'), 'hp_second'.padEnd(40, '2')]

async function works(core: TestCore, secret: string): Promise<boolean> {
  const keys = await core.keyRing.refresh()
  return keys.findApiKey(hashApiKey(secret), core.clock.now()) !== null
}

test('a new admin key in the settings replaces the one that came from there before, and no other', async () => {
  const core = await createTestCore()
  await ensureKeys(core, { adminKey: FIRST })
  await ensureKeys(core, { adminKey: FIRST })
  assert.equal(await works(core, FIRST), true)
  const made = (await core.catalog.keys.snapshot()).apiKeys.length
  await ensureKeys(core, { adminKey: SECOND })
  assert.deepEqual([await works(core, FIRST), await works(core, SECOND)], [false, true])
  assert.equal(await works(core, 'hp_test'), true)
  await ensureKeys(core, {})
  assert.equal(await works(core, SECOND), true)
  assert.equal((await core.catalog.keys.snapshot()).apiKeys.length, made + 1)
})

test('an admin key of the settings that was revoked stays revoked, and shuts nobody out', async () => {
  const core = await createTestCore()
  await ensureKeys(core, { adminKey: FIRST })
  await ensureKeys(core, { adminKey: SECOND })
  await ensureKeys(core, { adminKey: FIRST })
  assert.deepEqual([await works(core, FIRST), await works(core, SECOND)], [false, true])
})
