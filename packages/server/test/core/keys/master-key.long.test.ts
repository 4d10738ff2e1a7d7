import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ResealedSecret } from '../../../src/catalog/catalog.ts'
import { createAccessKey } from '../../../src/core/keys/access-keys.ts'
import {
  PREVIOUS_KEPT_MS,
  getMasterKey,
  rotateMasterKey,
  tendMasterKeys,
} from '../../../src/core/keys/master-key.ts'
import { fixedMasterKeys } from '../../../src/core/keys/master-keys.ts'
import type { MasterKeys } from '../../../src/core/keys/master-keys.ts'
import { createSealer } from '../../../src/core/keys/seal.ts'
import { createWebhook, rotateWebhookSecret } from '../../../src/core/webhooks/webhooks.ts'
import { authorizeInstance } from '../../../src/core/policy/authorize.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { admin, createTestCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'
import { keysInMemory } from '../../support/keys-in-memory.ts'

/** With secrets of every kind. */
async function createScene(): Promise<{ core: TestCore; masterKeys: MasterKeys; sealed: number }> {
  const masterKeys = keysInMemory()
  const core = await createTestCore({ masterKeys })
  const permit = await authorizeInstance(core, admin)
  for (let number = 0; number < 120; number += 1) {
    await createAccessKey(core, permit, { name: `k${number}`, actions: ['read'] })
  }
  const { accessKeys } = await core.catalog.keys.snapshot()
  const hook = { name: 'h', url: 'https://app.example/', kinds: [], pathPrefix: '' }
  const { webhook } = await createWebhook(core, permit, hook)
  await rotateWebhookSecret(core, permit, webhook.id)
  return { core, masterKeys, sealed: accessKeys.length + 2 }
}

/** Everything opens with the newest key alone. */
async function assertUnderNewest({ catalog, masterKeys }: TestCore): Promise<void> {
  const sealer = createSealer(fixedMasterKeys(masterKeys.current().keys[0]), systemRandom)
  for (const { id, sealedSecret } of (await catalog.keys.snapshot()).accessKeys) {
    sealer.open(id, sealedSecret)
  }
  const secrets = sealer.for('webhook-secret')
  for (const { id, sealedSecret, sealedPrevious } of await catalog.webhooks.list()) {
    secrets.open(id, sealedSecret)
    assert.ok(sealedPrevious !== null)
    secrets.open(id, sealedPrevious)
  }
}

test('a rotation puts everything stored under the new key, and every secret stays what it was', async () => {
  const { core, sealed } = await createScene()
  const secretsOf = async (): Promise<string[]> =>
    (await core.catalog.keys.snapshot()).accessKeys.map(({ id, sealedSecret }) =>
      core.sealer.open(id, sealedSecret),
    )
  const before = await secretsOf()
  const token = core.sealer.for('session-token').seal('t', 'claims')
  const epoch = await core.catalog.keys.epoch()
  const permit = await authorizeInstance(core, admin)
  assert.deepEqual(await rotateMasterKey(core, permit), {
    since: core.clock.now(),
    previous: 1,
    isRotatable: true,
    resealed: sealed,
  })
  await assertUnderNewest(core)
  assert.deepEqual(await secretsOf(), before)
  assert.equal(core.sealer.for('session-token').open('t', token), 'claims')
  assert.equal(await core.catalog.keys.epoch(), epoch)
  const [event] = (await core.catalog.events.after(0, 1000)).slice(-1)
  assert.deepEqual([event?.event.kind, event?.event.keyId], ['master-key.rotated', admin.id])
})

test('what a crash broke off is gone on with, and a key is let go of when nothing can be under it', async () => {
  const { core, sealed } = await createScene()
  const { keys } = core.catalog
  let batches = 0
  const crashing = {
    ...core,
    catalog: {
      ...core.catalog,
      keys: {
        ...keys,
        reseal: (secrets: readonly ResealedSecret[]) => {
          batches += 1
          return batches > 1 ? Promise.reject(new Error('killed')) : keys.reseal(secrets)
        },
      },
    },
  }
  const permit = await authorizeInstance(core, admin)
  await assert.rejects(rotateMasterKey(crashing, permit), /killed/)
  const rest = await tendMasterKeys(core)
  assert.ok(rest > 0 && rest < sealed)
  await assertUnderNewest(core)
  assert.equal(getMasterKey(core, permit).previous, 1)
  core.clock.advance(PREVIOUS_KEPT_MS)
  assert.equal(await tendMasterKeys(core), 0)
  assert.equal(getMasterKey(core, permit).previous, 1)
  core.clock.advance(1)
  await tendMasterKeys(core)
  assert.equal(getMasterKey(core, permit).previous, 0)
})

test('a process that seals just before it learns of the new key loses nothing', async () => {
  const { core, masterKeys } = await createScene()
  const late = createSealer(fixedMasterKeys(...masterKeys.current().keys), systemRandom)
  const permit = await authorizeInstance(core, admin)
  await rotateMasterKey(core, permit)
  const { record } = await createAccessKey({ ...core, sealer: late }, permit, {
    name: 'late',
    actions: ['read'],
  })
  core.clock.advance(PREVIOUS_KEPT_MS + 1)
  assert.equal(await tendMasterKeys(core), 1)
  assert.equal(getMasterKey(core, permit).previous, 1)
  assert.equal(await tendMasterKeys(core), 0)
  assert.equal(getMasterKey(core, permit).previous, 0)
  await assertUnderNewest(core)
  assert.equal(
    (await core.keyRing.refresh()).findAccessKey(record.id, core.clock.now()) === null,
    false,
  )
})

test('a master key of a setting is changed there, and while somebody else changes it nothing happens', async () => {
  const masterKeys = fixedMasterKeys(systemRandom.bytes(32))
  const core = await createTestCore({ masterKeys })
  const permit = await authorizeInstance(core, admin)
  await assert.rejects(rotateMasterKey(core, permit), { code: 'master-key-elsewhere' })
  const isBusy = { rotate: () => false, dropPrevious: () => false }
  const busy = { ...core, masterKeys: { ...core.masterKeys, change: isBusy } }
  await assert.rejects(rotateMasterKey(busy, permit), { code: 'store-unavailable' })
})
