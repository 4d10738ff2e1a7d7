/** The contract of `Catalog`, for every driver. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type {
  AccessKeyRecord,
  ApiKeyRecord,
  FolderRecord,
  GrantRecord,
} from '../../src/catalog/records.ts'
import { rejectsWith } from './blob-store-suite.ts'
import { createBuckets, fileOf } from './catalog-fixture.ts'
import type { CatalogFixture, CheckCatalog } from './catalog-fixture.ts'
import { catalogListingSuite } from './catalog-listing-suite.ts'

export function catalogSuite(name: string, create: () => Promise<CatalogFixture>): void {
  const check: CheckCatalog = (title, body) => {
    test(title, async () => {
      const fixture = await create()
      try {
        await body(fixture)
      } finally {
        await fixture.catalog.close()
        await fixture.other.close()
        await fixture.dispose()
      }
    })
  }
  describe(`${name}: files`, () => fileChecks(check))
  describe(`${name}: conditions`, () => conditionChecks(check))
  describe(`${name}: moving`, () => moveChecks(check))
  describe(`${name}: listing`, () => catalogListingSuite(check))
  describe(`${name}: buckets and folders`, () => bucketChecks(check))
  describe(`${name}: grants`, () => grantChecks(check))
  describe(`${name}: keys`, () => keyChecks(check))
  describe(`${name}: the sweep list`, () => sweepChecks(check))
}

function grantOf(id: string, more: Partial<GrantRecord> = {}): GrantRecord {
  return {
    id,
    method: 'GET',
    bucket: 'acme',
    key: 'a.txt',
    signingKeyId: 'HPKEY',
    createdAt: 100,
    createdBy: 'key1',
    expiresAt: 10_000,
    reason: null,
    maxUses: null,
    uses: 0,
    lastUsedAt: null,
    lastUsedIp: null,
    maxBytes: null,
    contentTypes: [],
    revokedAt: null,
    ...more,
  }
}

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
    createdAt: 5,
    createdBy: 'first start',
    expiresAt: null,
    revokedAt: null,
    ...more,
  }
}

function fileChecks(check: CheckCatalog): void {
  check('a committed file is found by name and id, field for field', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const file = fileOf('päth/to a+file?.pdf', {
      size: 5 * 1024 ** 3,
      headers: { cacheControl: 'no-store', contentDisposition: 'attachment; filename="a"' },
      metadata: { owner: 'müller', 'x y': '' },
      modifiedAt: 1_800_000_000_123,
    })
    const outcome = await catalog.files.commit(file, null, {})
    assert.deepEqual(outcome, { outcome: 'committed', file, replaced: false })
    assert.deepEqual(await catalog.files.find('acme', file.key), file)
    assert.deepEqual(await catalog.files.findById(file.id), file)
    assert.deepEqual(await other.files.find('acme', file.key), file)
  })

  check('what is not there is null', async ({ catalog }) => {
    assert.equal(await catalog.files.find('acme', 'nothing'), null)
    assert.equal(await catalog.files.findById('nothing'), null)
    assert.equal(await catalog.files.remove('acme', 'nothing'), null)
    assert.equal(await catalog.files.readInlineBlob('nothing'), null)
  })

  check('a file in no bucket is not stored', async ({ catalog }) => {
    const outcome = await catalog.files.commit(fileOf('a'), Buffer.from('abc'), {})
    assert.deepEqual(outcome, { outcome: 'bucket-missing' })
    assert.equal(await catalog.files.find('acme', 'a'), null)
  })

  check('inline bytes come back exactly, empty ones too', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const bytes = Buffer.from([0, 255, 10, 0, 39])
    await catalog.files.commit(fileOf('a', { blobId: 'one', isInline: true }), bytes, {})
    await catalog.files.commit(fileOf('b', { blobId: 'two', isInline: true }), Buffer.alloc(0), {})
    assert.deepEqual(Buffer.from((await other.files.readInlineBlob('one')) ?? []), bytes)
    assert.equal((await catalog.files.readInlineBlob('two'))?.length, 0)
  })

  check('a replaced file keeps its id and birth, and its old blob is queued', async (fixture) => {
    const { catalog, setNow } = fixture
    await createBuckets(catalog, 'acme')
    const first = fileOf('a')
    const second = fileOf('a', { etag: 'new', headers: { expires: 'never' } })
    await catalog.files.commit(first, null, {})
    setNow(5000)
    const outcome = await catalog.files.commit(second, null, {})
    const kept = { ...second, id: first.id, createdAt: first.createdAt }
    assert.deepEqual(outcome, { outcome: 'committed', file: kept, replaced: true })
    assert.deepEqual(await catalog.files.find('acme', 'a'), kept)
    assert.equal(await catalog.files.findById(second.id), null)
    assert.deepEqual(await catalog.sweep.due(5001, false, 10), [first.blobId])
  })

  check('a removed file is returned and its blob queued', async ({ catalog, other, setNow }) => {
    await createBuckets(catalog, 'acme')
    const file = fileOf('a', { isInline: true })
    await catalog.files.commit(file, Buffer.from('abc'), {})
    setNow(7000)
    assert.deepEqual(await catalog.files.remove('acme', 'a'), file)
    assert.equal(await other.files.find('acme', 'a'), null)
    assert.deepEqual(await catalog.sweep.due(7001, true, 10), [file.blobId])
    assert.equal(await catalog.files.remove('acme', 'a'), null)
  })

  check('an id or a blob that is taken is a conflict and changes nothing', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = fileOf('a')
    await catalog.files.commit(file, null, {})
    await rejectsWith('conflict', catalog.files.commit(fileOf('b', { id: file.id }), null, {}))
    await rejectsWith(
      'conflict',
      catalog.files.commit(fileOf('c', { blobId: file.blobId }), null, {}),
    )
    assert.equal(await catalog.files.find('acme', 'b'), null)
    assert.equal(await catalog.files.find('acme', 'c'), null)
  })

  check('writes of one turn stand or fall alone', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const taken = fileOf('taken')
    const outcomes = await Promise.allSettled([
      catalog.files.commit(taken, null, {}),
      catalog.files.commit(fileOf('first'), null, {}),
      catalog.files.commit(fileOf('clash', { id: taken.id }), Buffer.from('x'), {}),
      catalog.files.commit(fileOf('second'), null, {}),
    ])
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    )
    assert.notEqual(await catalog.files.find('acme', 'first'), null)
    assert.notEqual(await catalog.files.find('acme', 'second'), null)
    assert.equal(await catalog.files.find('acme', 'clash'), null)
  })

  check('writes of one turn happen in the order they were asked for', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const versions = Array.from({ length: 20 }, (_, at) => fileOf('a', { etag: `v${at}` }))
    await Promise.all(versions.map((file) => catalog.files.commit(file, null, {})))
    assert.equal((await catalog.files.find('acme', 'a'))?.etag, 'v19')
  })

  check('names that differ in one byte are different files', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const keys = ['a', 'A', 'a/', 'a/b', 'a//b', 'a ', 'é', 'e\u0301', '\u{1f600}', '%61']
    for (const key of keys) {
      await catalog.files.commit(fileOf(key, { contentType: `for ${key}` }), null, {})
    }
    for (const key of keys) {
      assert.equal((await catalog.files.find('acme', key))?.contentType, `for ${key}`)
    }
    await catalog.files.remove('acme', 'a')
    for (const key of keys.slice(1)) assert.notEqual(await catalog.files.find('acme', key), null)
  })

  check('quotes and SQL in names are names', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const key = `'); DROP TABLE files; --"`
    await catalog.files.commit(fileOf(key), null, {})
    assert.equal((await catalog.files.find('acme', key))?.key, key)
  })
}

function conditionChecks(check: CheckCatalog): void {
  check('ifAbsent stores once, whoever races', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, at) =>
        (at % 2 === 0 ? catalog : other).files.commit(fileOf('a'), null, { ifAbsent: true }),
      ),
    )
    const committed = outcomes.filter(({ outcome }) => outcome === 'committed')
    const refused = outcomes.filter(({ outcome }) => outcome === 'condition-failed')
    assert.deepEqual([committed.length, refused.length], [1, 31])
  })

  check('ifEtag stores over that version alone', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const absent = await catalog.files.commit(fileOf('a'), null, { ifEtag: 'v1' })
    assert.deepEqual(absent, { outcome: 'condition-failed' })
    await catalog.files.commit(fileOf('a', { etag: 'v1' }), null, {})
    const outcomes = await Promise.all([
      catalog.files.commit(fileOf('a', { etag: 'v2' }), null, { ifEtag: 'v1' }),
      catalog.files.commit(fileOf('a', { etag: 'v3' }), null, { ifEtag: 'v1' }),
    ])
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ['committed', 'condition-failed'],
    )
    assert.equal((await catalog.files.find('acme', 'a'))?.etag, 'v2')
  })

  check('a refused write stores no bytes and queues nothing', async ({ catalog, setNow }) => {
    await createBuckets(catalog, 'acme')
    await catalog.files.commit(fileOf('a'), null, {})
    setNow(1)
    const file = fileOf('a', { isInline: true })
    await catalog.files.commit(file, Buffer.from('abc'), { ifAbsent: true })
    assert.equal(await catalog.files.readInlineBlob(file.blobId), null)
    assert.deepEqual(await catalog.sweep.due(Number.MAX_SAFE_INTEGER, false, 10), [])
  })

  check('a write consumes its grant, and without a use left is refused', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await catalog.grants.insert(grantOf('g', { method: 'PUT', maxUses: 1 }))
    const useGrant = { id: 'g', nowMs: 500, clientIp: '10.0.0.9' }
    const outcomes = await Promise.all([
      catalog.files.commit(fileOf('a'), null, { useGrant }),
      catalog.files.commit(fileOf('b'), null, { useGrant }),
    ])
    assert.deepEqual(
      outcomes.map(({ outcome }) => outcome),
      ['committed', 'grant-unusable'],
    )
    assert.equal(await catalog.files.find('acme', 'b'), null)
    const grant = await catalog.grants.find('g')
    assert.deepEqual([grant?.uses, grant?.lastUsedAt, grant?.lastUsedIp], [1, 500, '10.0.0.9'])
  })

  check('a write that fails its conditions consumes no use', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await catalog.grants.insert(grantOf('g', { method: 'PUT', maxUses: 1 }))
    const useGrant = { id: 'g', nowMs: 500, clientIp: '10.0.0.9' }
    await catalog.files.commit(fileOf('a'), null, {})
    await catalog.files.commit(fileOf('a'), null, { ifAbsent: true, useGrant })
    await catalog.files.commit(fileOf('a', { bucket: 'gone' }), null, { useGrant })
    const taken = (await catalog.files.find('acme', 'a'))?.id ?? ''
    await rejectsWith(
      'conflict',
      catalog.files.commit(fileOf('b', { id: taken }), null, { useGrant }),
    )
    assert.equal((await catalog.grants.find('g'))?.uses, 0)
  })
}

function moveChecks(check: CheckCatalog): void {
  const to = (key: string, more: { bucket?: string; overwrite?: boolean } = {}) => ({
    bucket: 'acme',
    key,
    overwrite: false,
    nowMs: 9000,
    ...more,
  })

  check('a moved file has its new name alone', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme', 'other')
    const file = fileOf('a')
    await catalog.files.commit(file, null, {})
    const moved = { ...file, bucket: 'other', key: 'b/c', modifiedAt: 9000 }
    assert.deepEqual(await catalog.files.move(file.id, to('b/c', { bucket: 'other' })), moved)
    assert.equal(await other.files.find('acme', 'a'), null)
    assert.deepEqual(await other.files.find('other', 'b/c'), moved)
    assert.deepEqual(await other.files.findById(file.id), moved)
  })

  check('a file at the target stays unless it may be replaced', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const [moving, standing] = [fileOf('a'), fileOf('b')]
    await catalog.files.commit(moving, null, {})
    await catalog.files.commit(standing, null, {})
    assert.equal(await catalog.files.move(moving.id, to('b')), 'target-exists')
    assert.deepEqual(await catalog.files.find('acme', 'b'), standing)
    const moved = await catalog.files.move(moving.id, to('b', { overwrite: true }))
    assert.deepEqual(moved, { ...moving, key: 'b', modifiedAt: 9000 })
    assert.equal(await catalog.files.findById(standing.id), null)
    assert.deepEqual(await catalog.sweep.due(9001, false, 10), [standing.blobId])
  })

  check('a move to its own name keeps the file', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = fileOf('a')
    await catalog.files.commit(file, null, {})
    await catalog.files.move(file.id, to('a'))
    assert.equal((await catalog.files.find('acme', 'a'))?.blobId, file.blobId)
    assert.deepEqual(await catalog.sweep.due(Number.MAX_SAFE_INTEGER, false, 10), [])
  })

  check('a missing file or bucket is said', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    assert.equal(await catalog.files.move('gone', to('a')), null)
    const file = fileOf('a')
    await catalog.files.commit(file, null, {})
    assert.equal(await catalog.files.move(file.id, to('a', { bucket: 'nope' })), 'bucket-missing')
  })
}

function bucketChecks(check: CheckCatalog): void {
  const folderOf = (path: string, more: Partial<FolderRecord> = {}): FolderRecord => ({
    path,
    visibility: null,
    policy: {},
    updatedAt: 3,
    ...more,
  })

  check('buckets are made once and listed by name', async ({ catalog, other }) => {
    await createBuckets(catalog, 'beta', 'alpha')
    assert.equal(await other.buckets.create({ name: 'alpha', createdAt: 2 }), false)
    assert.deepEqual(await other.buckets.find('alpha'), { name: 'alpha', createdAt: 1 })
    assert.equal(await other.buckets.find('gamma'), null)
    const names = (await other.buckets.list()).map(({ name }) => name)
    assert.deepEqual(names, ['alpha', 'beta'])
  })

  check('only an empty bucket goes, with its folder records', async ({ catalog }) => {
    await createBuckets(catalog, 'acme', 'acme2')
    await catalog.folders.put(folderOf('acme/'))
    await catalog.folders.put(folderOf('acme2/'))
    await catalog.files.commit(fileOf('a'), null, {})
    assert.equal(await catalog.buckets.remove('acme'), 'not-empty')
    await catalog.files.remove('acme', 'a')
    assert.equal(await catalog.buckets.remove('acme'), 'removed')
    assert.equal(await catalog.buckets.remove('acme'), 'missing')
    assert.equal(await catalog.folders.find('acme/'), null)
    assert.notEqual(await catalog.folders.find('acme2/'), null)
  })

  check('a folder record is put, changed, found and removed', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const folder = folderOf('acme/x/', { visibility: 'public', policy: { maxBytes: 10 } })
    assert.equal(await catalog.folders.put(folder), true)
    assert.deepEqual(await other.folders.find('acme/x/'), folder)
    const changed = folderOf('acme/x/', { policy: { maxDownloadSeconds: 60 }, updatedAt: 4 })
    assert.equal(await catalog.folders.put(changed), true)
    assert.deepEqual(await other.folders.find('acme/x/'), changed)
    assert.equal(await catalog.folders.remove('acme/x/'), true)
    assert.equal(await catalog.folders.remove('acme/x/'), false)
    assert.equal(await catalog.folders.find('acme/x/'), null)
    assert.equal(await catalog.folders.put(folderOf('nope/x/')), false)
  })

  check('the folders above a file come nearest first', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    for (const path of ['acme/', 'acme/a/b/', 'acme/z/']) await catalog.folders.put(folderOf(path))
    const found = await catalog.folders.findMany(['acme/', 'acme/a/', 'acme/a/b/'])
    assert.deepEqual(
      found.map(({ path }) => path),
      ['acme/a/b/', 'acme/'],
    )
    assert.deepEqual(await catalog.folders.findMany([]), [])
  })

  check('folders are listed page by page, the prefix literally', async ({ catalog }) => {
    await createBuckets(catalog, 'acme', 'acme2')
    const paths = ['acme/', 'acme/%/', 'acme/_/', 'acme/x/', 'acme/é/', 'acme2/']
    for (const path of paths) await catalog.folders.put(folderOf(path))
    const list = async (prefix: string, after: string, limit: number): Promise<string[]> =>
      (await catalog.folders.list(prefix, after, limit)).map(({ path }) => path)
    assert.deepEqual(await list('acme/', '', 10), paths.slice(0, 5))
    assert.deepEqual(await list('acme/%', '', 10), ['acme/%/'])
    assert.deepEqual(await list('', '', 10), paths)
    assert.deepEqual(await list('acme/', 'acme/%/', 2), ['acme/_/', 'acme/x/'])
    assert.deepEqual(await list('acme/', 'acme2/', 2), [])
    assert.deepEqual(await list('acme/x', 'acme/', 2), ['acme/x/'])
  })
}

function grantChecks(check: CheckCatalog): void {
  check('a grant comes back field for field', async ({ catalog, other }) => {
    const grant = grantOf('g', {
      method: 'PUT',
      key: 'dir/a "b".txt',
      reason: 'for the auditors',
      maxUses: 3,
      maxBytes: 1024,
      contentTypes: ['image/*', 'text/plain'],
    })
    await catalog.grants.insert(grant)
    assert.deepEqual(await other.grants.find('g'), grant)
    assert.equal(await catalog.grants.find('h'), null)
    await rejectsWith('conflict', catalog.grants.insert(grant))
  })

  check('of 64 racers on a one-use grant exactly one gets through', async ({ catalog, other }) => {
    await catalog.grants.insert(grantOf('g', { maxUses: 1 }))
    const uses = await Promise.all(
      Array.from({ length: 64 }, (_, at) =>
        (at % 2 === 0 ? catalog : other).grants.use('g', 500, `10.0.0.${at}`),
      ),
    )
    assert.equal(uses.filter(Boolean).length, 1)
    assert.equal((await catalog.grants.find('g'))?.uses, 1)
  })

  check('a grant is good for its uses, in its time, unrevoked', async ({ catalog, other }) => {
    await catalog.grants.insert(grantOf('many'))
    await catalog.grants.insert(grantOf('three', { maxUses: 3 }))
    for (let use = 1; use <= 4; use += 1) {
      assert.equal(await catalog.grants.use('many', 500, '::1'), true)
      assert.equal(await catalog.grants.use('three', 500, '::1'), use <= 3)
    }
    assert.equal(await catalog.grants.use('many', 9_999, '::1'), true)
    assert.equal(await catalog.grants.use('many', 10_001, '::1'), false)
    assert.equal(await other.grants.revoke('many', 600), true)
    assert.equal(await other.grants.revoke('many', 700), false)
    assert.equal(await other.grants.revoke('nope', 700), false)
    assert.equal(await catalog.grants.use('many', 500, '::1'), false)
    assert.equal(await catalog.grants.use('nope', 500, '::1'), false)
    const grant = await catalog.grants.find('many')
    assert.deepEqual([grant?.uses, grant?.revokedAt, grant?.lastUsedIp], [5, 600, '::1'])
  })

  check('grants are listed newest first, page by page, under a prefix', async ({ catalog }) => {
    for (const [id, key] of [
      ['g1', 'a/1'],
      ['g2', 'b/1'],
      ['g3', 'a/2'],
      ['g4', 'a%/1'],
      ['g5', 'a/3'],
    ] as const) {
      await catalog.grants.insert(grantOf(id, { key }))
    }
    const list = async (...query: Parameters<Catalog['grants']['list']>): Promise<string[]> =>
      (await catalog.grants.list(...query)).map(({ id }) => id)
    assert.deepEqual(await list('', null, 10), ['g5', 'g4', 'g3', 'g2', 'g1'])
    assert.deepEqual(await list('', 'g4', 2), ['g3', 'g2'])
    assert.deepEqual(await list('acme/a/', null, 2), ['g5', 'g3'])
    assert.deepEqual(await list('acme/a/', 'g3', 2), ['g1'])
    assert.deepEqual(await list('acme/a%', null, 9), ['g4'])
    assert.deepEqual(await list('acme/', 'g1', 9), [])
    assert.deepEqual(await list('acm/', null, 9), [])
  })
}

function keyChecks(check: CheckCatalog): void {
  check('a snapshot holds every key and revocation as written', async ({ catalog, other }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'))
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'))
    await catalog.keys.revokeBefore({ scope: '', notBefore: 700 })
    const snapshot = await other.keys.snapshot()
    assert.deepEqual(snapshot.apiKeys, [apiKeyOf('api')])
    const [key] = snapshot.accessKeys
    assert.deepEqual(
      { ...key, sealedSecret: [...(key?.sealedSecret ?? [])] },
      { ...accessKeyOf('HPACCESS'), sealedSecret: [0, 1, 255] },
    )
    assert.deepEqual(snapshot.revocations, [{ scope: '', notBefore: 700 }])
    assert.equal(snapshot.epoch, await other.keys.epoch())
  })

  check('every change moves the epoch, and nothing else does', async ({ catalog, other }) => {
    const changes: (() => Promise<unknown>)[] = [
      () => catalog.keys.insertApiKey(apiKeyOf('api')),
      () => catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' })),
      () => catalog.keys.setSigningKeyState('HPSIGN', 'retiring'),
      () => catalog.keys.revokeBefore({ scope: 'key:HPSIGN', notBefore: 1 }),
      () => catalog.keys.revoke('api', 5),
      () => catalog.keys.revoke('HPSIGN', 5),
    ]
    let epoch = await other.keys.epoch()
    for (const change of changes) {
      await change()
      const next = await other.keys.epoch()
      assert.notEqual(next, epoch)
      epoch = next
    }
    await createBuckets(catalog, 'acme')
    await catalog.files.commit(fileOf('a'), null, {})
    assert.equal(await catalog.keys.revoke('api', 6), false)
    assert.equal(await catalog.keys.setSigningKeyState('nope', 'retired'), false)
    assert.equal(await other.keys.epoch(), epoch)
  })

  check('a key is revoked once, whichever kind it is', async ({ catalog, other }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'))
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'))
    assert.equal(await other.keys.revoke('api', 50), true)
    assert.equal(await other.keys.revoke('api', 60), false)
    assert.equal(await other.keys.revoke('HPACCESS', 70), true)
    assert.equal(await other.keys.revoke('nope', 80), false)
    const { apiKeys, accessKeys } = await catalog.keys.snapshot()
    assert.deepEqual([apiKeys[0]?.revokedAt, accessKeys[0]?.revokedAt], [50, 70])
  })

  check('an id that is taken is a conflict', async ({ catalog }) => {
    await catalog.keys.insertApiKey(apiKeyOf('api'))
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'))
    await rejectsWith('conflict', catalog.keys.insertApiKey(apiKeyOf('api')))
    await rejectsWith('conflict', catalog.keys.insertAccessKey(accessKeyOf('HPACCESS')))
  })

  check('only signing keys change their state', async ({ catalog }) => {
    await catalog.keys.insertAccessKey(accessKeyOf('HPACCESS'))
    await catalog.keys.insertAccessKey(accessKeyOf('HPSIGN', { kind: 'signing' }))
    assert.equal(await catalog.keys.setSigningKeyState('HPACCESS', 'retired'), false)
    assert.equal(await catalog.keys.setSigningKeyState('HPSIGN', 'retired'), true)
    const { accessKeys } = await catalog.keys.snapshot()
    const states = accessKeys.map(({ id, state }) => `${id} ${state}`)
    assert.deepEqual(states.toSorted(), ['HPACCESS active', 'HPSIGN retired'])
  })

  check('a revocation moves forward, never back', async ({ catalog }) => {
    for (const notBefore of [500, 900, 700]) {
      await catalog.keys.revokeBefore({ scope: 'folder:acme/x/', notBefore })
    }
    const { revocations } = await catalog.keys.snapshot()
    assert.deepEqual(revocations, [{ scope: 'folder:acme/x/', notBefore: 900 }])
  })
}

async function readText(catalog: Catalog, { blobId }: { blobId: string }): Promise<string> {
  return Buffer.from((await catalog.files.readInlineBlob(blobId)) ?? []).toString()
}

function sweepChecks(check: CheckCatalog): void {
  check('blobs come due oldest first, each kind by itself', async ({ catalog, setNow }) => {
    await createBuckets(catalog, 'acme')
    for (const [at, isInline] of [false, true, false, true, false].entries()) {
      const file = fileOf(`k${at}`, { blobId: `blob-${at}`, isInline })
      await catalog.files.commit(file, isInline ? Buffer.from('x') : null, {})
    }
    for (const [at, nowMs] of [400, 300, 200, 100, 500].entries()) {
      setNow(nowMs)
      await catalog.files.remove('acme', `k${at}`)
    }
    assert.deepEqual(await catalog.sweep.due(500, false, 10), ['blob-2', 'blob-0'])
    assert.deepEqual(await catalog.sweep.due(501, false, 2), ['blob-2', 'blob-0'])
    assert.deepEqual(await catalog.sweep.due(501, true, 10), ['blob-3', 'blob-1'])
    assert.deepEqual(await catalog.sweep.due(100, true, 10), [])
  })

  check('swept blobs leave the list, inline bytes with them', async ({ catalog, setNow }) => {
    await createBuckets(catalog, 'acme')
    const [gone, kept] = [fileOf('a', { isInline: true }), fileOf('b', { isInline: true })]
    await catalog.files.commit(gone, Buffer.from('gone'), {})
    await catalog.files.commit(kept, Buffer.from('kept'), {})
    setNow(10)
    await catalog.files.remove('acme', 'a')
    assert.deepEqual(await readText(catalog, gone), 'gone')
    await catalog.sweep.done([gone.blobId, 'unheard-of'])
    assert.equal(await catalog.files.readInlineBlob(gone.blobId), null)
    assert.deepEqual(await readText(catalog, kept), 'kept')
    assert.deepEqual(await catalog.sweep.due(Number.MAX_SAFE_INTEGER, true, 10), [])
  })

  check('a blob is known while a file or the list holds it', async ({ catalog, other, setNow }) => {
    await createBuckets(catalog, 'acme')
    const [stored, inline] = [fileOf('a'), fileOf('b', { isInline: true })]
    await catalog.files.commit(stored, null, {})
    await catalog.files.commit(inline, Buffer.from('x'), {})
    setNow(10)
    for (const { key, blobId } of [stored, inline]) {
      assert.equal(await other.sweep.isKnown(blobId), true)
      await catalog.files.remove('acme', key)
      assert.equal(await other.sweep.isKnown(blobId), true)
      await catalog.sweep.done([blobId])
      assert.equal(await other.sweep.isKnown(blobId), false)
    }
    assert.equal(await catalog.sweep.isKnown('unheard-of'), false)
  })
}
