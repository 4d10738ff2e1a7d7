/** What the catalog promises of keys and of the rules that end links before a moment. */
import assert from 'node:assert/strict'
import type { ChangeRights, KeyLineage } from '../../src/catalog/catalog.ts'
import type { AccessKeyRecord, ApiKeyRecord } from '../../src/catalog/records.ts'
import { rejectsWith } from './blob-store-suite.ts'
import {
  BECAUSE,
  bucketOf,
  createBuckets,
  draftOf,
  grantOf,
  insertGrants,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

function apiKeyOf(id: string): ApiKeyRecord {
  return {
    id,
    name: 'a key "with" \'quotes\'',
    secretHash: 'ab12',
    scope: { actions: ['read', 'list'], pathPrefix: 'acme/', cidrs: ['10.0.0.0/8'] },
    createdAt: 5,
    createdBy: 'first start',
    expiresAt: 99,
    revokedAt: null,
    lastUsedAt: null,
  }
}

function accessKeyOf(id: string, more: Partial<AccessKeyRecord> = {}): AccessKeyRecord {
  return {
    id,
    kind: 'access',
    name: 'laptop',
    sealedSecret: Buffer.from([0, 1, 255]),
    scope: { actions: ['admin'], pathPrefix: '', cidrs: [] },
    maxExpiresInSeconds: 3600,
    mayPresignDelete: true,
    state: 'active',
    rotatedAt: null,
    lastUsedAt: null,
    disabledAt: null,
    createdAt: 5,
    createdBy: 'first start',
    expiresAt: null,
    revokedAt: null,
    ...more,
  }
}

const ruleOf = (scope: string, notBefore: number, forgetAt = 5000) => ({
  scope,
  notBefore,
  forgetAt,
})

export function catalogKeysSuite(check: CheckCatalog): void {
  check('a snapshot holds every key and revocation as written', async ({ catalog, other }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    await catalog.keys.revokeBefore(ruleOf('', 700), null)
    const snapshot = await other.keys.snapshot()
    assert.deepEqual(snapshot.apiKeys, [apiKeyOf('api')])
    const [key] = snapshot.accessKeys
    assert.deepEqual(
      { ...key, sealedSecret: [...(key?.sealedSecret ?? [])] },
      { ...accessKeyOf('HPACCESS'), sealedSecret: [0, 1, 255] },
    )
    assert.deepEqual(snapshot.revocations, [ruleOf('', 700)])
    assert.equal(snapshot.epoch, await other.keys.epoch())
  })

  check('every change moves the epoch, and nothing else does', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const folder = { path: 'acme/x/', visibility: null, policy: {}, updatedAt: 3 }
    const changes: (() => Promise<unknown>)[] = [
      () => catalog.keys.insertApiKey(apiKeyOf('api'), null),
      () => catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' }), null),
      () => catalog.keys.setSigningKeyState('HPSIGN', 'retiring', null),
      () => catalog.keys.rotate(accessKeyOf('HPNEXT', { kind: 'signing' }), 7, null),
      () => catalog.keys.revokeBefore(ruleOf('key:HPSIGN', 1, 50), null),
      () => catalog.keys.revokeBefore(ruleOf('key:HPNEXT', 1), null),
      () => catalog.keys.removeRevocation('key:HPNEXT', null),
      () => catalog.keys.forgetRevocations(50),
      () => catalog.keys.revoke(['api'], 5, null),
      () => catalog.keys.revoke(['HPSIGN'], 5, null),
      () => catalog.folders.put(folder, BECAUSE, null),
      () => catalog.folders.remove('acme/x/', BECAUSE, null),
    ]
    let epoch = await other.keys.epoch()
    for (const change of changes) {
      await change()
      const next = await other.keys.epoch()
      assert.notEqual(next, epoch)
      epoch = next
    }
    await store(catalog, draftOf('a'))
    await catalog.buckets.create(bucketOf('other'), null)
    await insertGrants(catalog, grantOf('g'))
    await catalog.grants.revoke('g', { nowMs: 1, stub: null }, null)
    assert.equal(await catalog.keys.revoke(['api', 'nope'], 6, null), 0)
    assert.equal(await catalog.keys.setSigningKeyState('nope', 'retired', null), false)
    assert.equal(await catalog.keys.removeRevocation('nope', null), false)
    assert.equal(await catalog.keys.forgetRevocations(1e9), 0)
    assert.equal(await catalog.folders.remove('acme/x/', BECAUSE, null), false)
    assert.equal(await other.keys.epoch(), epoch)
  })

  check(
    'an access key is switched off and on, unless it was revoked',
    async ({ catalog, other }) => {
      await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
      await catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' }), null)
      const disabledAt = async (): Promise<number | null | undefined> =>
        (await other.keys.snapshot()).accessKeys.find(({ id }) => id === 'HPACCESS')?.disabledAt
      for (const time of [7, null, 8]) {
        const epoch = await catalog.keys.epoch()
        assert.equal(await catalog.keys.setDisabled('HPACCESS', time, null), true)
        assert.equal(await disabledAt(), time)
        assert.notEqual(await other.keys.epoch(), epoch)
      }
      const rights = { epoch: (await catalog.keys.epoch()) - 1, keyId: 'HPACCESS' }
      assert.equal(await catalog.keys.setDisabled('HPACCESS', null, rights), 'epoch-changed')
      await catalog.keys.revoke(['HPACCESS'], 9, null)
      for (const id of ['HPACCESS', 'HPSIGN', 'nope']) {
        assert.equal(await catalog.keys.setDisabled(id, null, null), false, id)
      }
    },
  )

  check(
    'the last use of a key moves forward alone, and no epoch with it',
    async ({ catalog, other }) => {
      await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
      await catalog.keys.insertApiKey(apiKeyOf('api'), null)
      const epoch = await catalog.keys.epoch()
      for (const [usedAt, expected] of [
        [50, 50],
        [40, 50],
        [60, 60],
      ] as const) {
        await catalog.keys.noteUses([
          { id: 'HPACCESS', usedAt },
          { id: 'api', usedAt },
          { id: 'nope', usedAt },
        ])
        const { accessKeys, apiKeys } = await other.keys.snapshot()
        assert.equal(accessKeys[0]?.lastUsedAt, expected)
        assert.equal(apiKeys[0]?.lastUsedAt, expected)
      }
      assert.equal(await other.keys.epoch(), epoch)
    },
  )

  check('a key is revoked once, whichever kind it is', async ({ catalog, other }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'), null)
    await catalog.keys.insertApiKey(apiKeyOf('child'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    assert.equal(await other.keys.revoke(['api'], 50, null), 1)
    assert.equal(
      await other.keys.revoke(['api', 'child', 'child', 'HPACCESS', 'nope'], 60, null),
      2,
    )
    const { apiKeys, accessKeys } = await catalog.keys.snapshot()
    const revoked = [...apiKeys, ...accessKeys].map(({ id, revokedAt }) => `${id} ${revokedAt}`)
    assert.deepEqual(revoked, ['api 50', 'child 60', 'HPACCESS 60'])
  })

  check('a change is made under its epoch, or for a key that lives', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await catalog.keys.insertApiKey(apiKeyOf('api'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    const epoch = await other.keys.epoch()
    const folder = { path: 'acme/x/', visibility: null, policy: {}, updatedAt: 3 }
    await catalog.keys.revoke(['api'], 5, null)
    const before = await other.keys.snapshot()
    const changes = (rights: ChangeRights): readonly Promise<unknown>[] => [
      catalog.keys.insertApiKey(apiKeyOf('new'), rights),
      catalog.keys.insertAccessKey(accessKeyOf('HPNEW'), rights),
      catalog.keys.revoke(['HPACCESS'], 5, rights),
      catalog.keys.revokeChosen(() => ({ ids: ['HPACCESS'], rules: [], nowMs: 5 }), rights),
      catalog.keys.rotate(accessKeyOf('HPNEXT', { kind: 'signing' }), 5, rights),
      catalog.keys.setSigningKeyState('HPACCESS', 'retired', rights),
      catalog.keys.revokeBefore(ruleOf('', 5), rights),
      catalog.keys.removeRevocation('', rights),
      catalog.folders.put(folder, BECAUSE, rights),
      catalog.folders.remove('acme/x/', BECAUSE, rights),
      catalog.buckets.create(bucketOf('late'), rights),
      catalog.buckets.update('acme', { versioning: 'enabled' }, rights),
      catalog.buckets.remove('acme', rights),
    ]
    for (const keyId of [null, 'api', 'nobody']) {
      const outcomes = await Promise.all(changes({ epoch, keyId }))
      assert.deepEqual(new Set(outcomes), new Set(['epoch-changed']), `for ${keyId}`)
    }
    assert.deepEqual(await other.keys.snapshot(), before)
    assert.equal((await other.buckets.find('acme'))?.versioning, 'off')
    const put = (rights: ChangeRights) => catalog.folders.put(folder, BECAUSE, rights)
    assert.equal(await put({ epoch, keyId: 'HPACCESS' }), true)
    assert.equal(await put({ epoch: await other.keys.epoch(), keyId: null }), true)
  })

  check('keys that are chosen end with their links in one step', async ({ catalog, other }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS', { createdBy: 'api' }), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' }), null)
    const rules = [ruleOf('key:api', 8)]
    const seen: KeyLineage[] = []
    await catalog.keys.revokeChosen((keys) => {
      seen.push(...keys)
      return { ids: keys.map(({ id }) => id), rules, nowMs: 7 }
    }, null)
    assert.deepEqual(seen, [
      { id: 'api', createdBy: 'first start', revokedAt: null },
      { id: 'HPACCESS', createdBy: 'api', revokedAt: null },
    ])
    const { apiKeys, accessKeys, revocations } = await other.keys.snapshot()
    const ends = [...apiKeys, ...accessKeys].map(({ id, revokedAt }) => `${id} ${revokedAt}`)
    assert.deepEqual(ends.toSorted(), ['HPACCESS 7', 'HPSIGN null', 'api 7'])
    assert.deepEqual(revocations, rules)
  })

  check('an id that is taken is a conflict', async ({ catalog }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    await rejectsWith('conflict', catalog.keys.insertApiKey(apiKeyOf('api'), null))
    await rejectsWith('conflict', catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null))
  })

  check('only signing keys change their state', async ({ catalog }) => {
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' }), null)
    assert.equal(await catalog.keys.setSigningKeyState('HPACCESS', 'retired', null), false)
    assert.equal(await catalog.keys.setSigningKeyState('HPSIGN', 'retired', null), true)
    const { accessKeys } = await catalog.keys.snapshot()
    const states = accessKeys.map(({ id, state }) => `${id} ${state}`)
    assert.deepEqual(states.toSorted(), ['HPACCESS active', 'HPSIGN retired'])
  })

  check('a rotation makes one key active and retires those before in one step', async (fixture) => {
    const { catalog, other } = fixture
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'), null)
    await catalog.keys.insertAccessKey(accessKeyOf('HPOLD', { kind: 'signing' }), null)
    await catalog.keys.rotate(accessKeyOf('HPNEXT', { kind: 'signing' }), 70, null)
    const taken = accessKeyOf('HPACCESS', { kind: 'signing' })
    await rejectsWith('conflict', catalog.keys.rotate(taken, 80, null))
    const { accessKeys } = await other.keys.snapshot()
    const states = accessKeys.map(({ id, state, rotatedAt }) => `${id} ${state} ${rotatedAt}`)
    assert.deepEqual(states.toSorted(), [
      'HPACCESS active null',
      'HPNEXT active null',
      'HPOLD retiring 70',
    ])
  })

  check('a revocation moves forward, never back', async ({ catalog }) => {
    for (const notBefore of [500, 900, 700]) {
      await catalog.keys.revokeBefore(ruleOf('folder:acme/x/', notBefore, notBefore + 100), null)
    }
    const { revocations } = await catalog.keys.snapshot()
    assert.deepEqual(revocations, [ruleOf('folder:acme/x/', 900, 1000)])
  })

  check('rules are listed, taken back, and forgotten when nothing they cover lives', async (f) => {
    const { catalog, other } = f
    for (const [scope, forgetAt] of [
      ['', 30],
      ['file:a/b', 10],
      ['folder:a/', 20],
    ] as const) {
      await catalog.keys.revokeBefore(ruleOf(scope, 5, forgetAt), null)
    }
    const list = async (after: string | null, limit: number): Promise<string[]> =>
      (await other.keys.listRevocations(after, limit)).map(({ scope }) => scope)
    assert.deepEqual(await list(null, 10), ['', 'file:a/b', 'folder:a/'])
    assert.deepEqual(await list('', 1), ['file:a/b'])
    assert.deepEqual(await list('file:a/b', 1), ['folder:a/'])
    assert.equal(await catalog.keys.forgetRevocations(9), 0)
    assert.equal(await catalog.keys.forgetRevocations(20), 2)
    assert.equal(await catalog.keys.removeRevocation('', null), true)
    assert.deepEqual((await other.keys.snapshot()).revocations, [])
  })
}
