import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApiKey, hashApiKey } from '../../../src/core/keys/api-keys.ts'
import { ensureKeys } from '../../../src/core/keys/first-start.ts'
import { revokeKey } from '../../../src/core/keys/revoke-key.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { admin, createTestCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

const [A, B] = ['q7Fz2LwB9xTnV4mKp8RsYc3HdJ6gAe1U', 'Zk3Vt8QeLr5XoWb1NcYh6UjMd9SgPf2A']
const pair = (accessKeyId: string, secretAccessKey: string) => ({ accessKeyId, secretAccessKey })

async function works(core: TestCore, secret: string): Promise<boolean> {
  const keys = await core.keyRing.refresh()
  return keys.findApiKey(hashApiKey(secret), core.clock.now()) !== null
}

async function pairWorks(core: TestCore, id: string): Promise<boolean> {
  return (await core.keyRing.refresh()).findAccessKey(id, core.clock.now()) !== null
}

test('a new admin key from the settings replaces the one that came from them before, and no other', async () => {
  const core = await createTestCore()
  const permit = await authorizeInstance(core, admin)
  const { secret: byHand } = await createApiKey(core, permit, { name: 'n', actions: ['admin'] })
  await ensureKeys(core, { adminKey: A })
  await ensureKeys(core, { adminKey: A })
  assert.equal(await works(core, A), true)
  await ensureKeys(core, { adminKey: B })
  assert.deepEqual([await works(core, A), await works(core, B)], [false, true])
  assert.equal(await works(core, byHand), true)
})

test('a setting that is taken away ends nothing', async () => {
  const core = await createTestCore()
  await ensureKeys(core, { adminKey: A, accessKey: pair('HPONE', A) })
  await ensureKeys(core, {})
  assert.deepEqual([await works(core, A), await pairWorks(core, 'HPONE')], [true, true])
})

test('a new key pair from the settings replaces the one that came from them before', async () => {
  const core = await createTestCore()
  await ensureKeys(core, { accessKey: pair('HPONE', A) })
  await ensureKeys(core, { accessKey: pair('HPTWO', B) })
  assert.deepEqual([await pairWorks(core, 'HPONE'), await pairWorks(core, 'HPTWO')], [false, true])
})

test('a key that was replaced or revoked does not come back with its setting', async () => {
  const core = await createTestCore()
  await ensureKeys(core, { adminKey: A, accessKey: pair('HPONE', A) })
  await ensureKeys(core, { adminKey: B, accessKey: pair('HPTWO', B) })
  await assert.rejects(
    ensureKeys(core, { adminKey: A }),
    /^[^:]*: HALLPASS_ADMIN_KEY: this key was revoked/,
  )
  await assert.rejects(
    ensureKeys(core, { accessKey: pair('HPONE', A) }),
    /ACCESS_KEY_ID: this key was/,
  )
  assert.deepEqual([await works(core, B), await pairWorks(core, 'HPTWO')], [true, true])
  await revokeKey(core, await authorizeInstance(core, admin), 'HPTWO')
  await assert.rejects(ensureKeys(core, { accessKey: pair('HPTWO', B) }), { code: 'field-invalid' })
})

test('the first key pair and the one of the settings may presign every method, for seven days', async () => {
  for (const seeds of [{}, { accessKey: pair('HPONE', A) }]) {
    const core = await createTestCore()
    await ensureKeys(core, seeds)
    const { accessKeys } = await core.catalog.keys.snapshot()
    const [first] = accessKeys.filter(({ kind }) => kind === 'access')
    assert.equal(first?.mayPresignDelete, true)
    assert.equal(first.maxExpiresInSeconds, 7 * 24 * 60 * 60)
  }
})
