/** The contract of `Catalog`, for every driver. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { FolderRecord, GrantTerms } from '../../src/catalog/records.ts'
import { rejectsWith } from './blob-store-suite.ts'
import {
  BECAUSE,
  at,
  bucketOf,
  commit,
  contentIdOf,
  createBuckets,
  draftOf,
  fileOf,
  grantOf,
  inlineOf,
  insertGrants,
  move,
  queuedIds,
  remove,
  store,
  withFixture,
} from './catalog-fixture.ts'
import type { CatalogFixture, CheckCatalog } from './catalog-fixture.ts'
import { catalogEventsSuite } from './catalog-events-suite.ts'
import { catalogAlertsSuite } from './catalog-alerts-suite.ts'
import { catalogWebhooksSuite } from './catalog-webhooks-suite.ts'
import { catalogGrantsSuite } from './catalog-grants-suite.ts'
import { catalogGuessesSuite } from './catalog-guesses-suite.ts'
import { catalogHeldSuite } from './catalog-held-suite.ts'
import { catalogKeysSuite } from './catalog-keys-suite.ts'
import { catalogListingProperty, catalogListingSuite } from './catalog-listing-suite.ts'
import { catalogInstallationSuite } from './catalog-installation-suite.ts'
import { catalogProcessesSuite } from './catalog-processes-suite.ts'
import { catalogRetentionSuite } from './catalog-retention-suite.ts'
import { catalogSessionsSuite } from './catalog-sessions-suite.ts'
import { catalogQuotaSuite } from './catalog-quota-suite.ts'
import { catalogSharingSuite } from './catalog-sharing-suite.ts'
import { catalogResumableSuite } from './catalog-resumable-suite.ts'
import { catalogUploadsSuite } from './catalog-uploads-suite.ts'
import { catalogVersionsSuite } from './catalog-versions-suite.ts'

type CreateCatalog = () => Promise<CatalogFixture>

function checkWith(create: CreateCatalog): CheckCatalog {
  return (title, body) => {
    test(title, () => withFixture(create, body))
  }
}

export function catalogSuite(name: string, create: CreateCatalog): void {
  const check = checkWith(create)
  describe(`${name}: files`, () => fileChecks(check))
  describe(`${name}: conditions`, () => conditionChecks(check))
  describe(`${name}: moving`, () => moveChecks(check))
  describe(`${name}: versions`, () => catalogVersionsSuite(check))
  describe(`${name}: sharing`, () => catalogSharingSuite(check))
  describe(`${name}: quotas`, () => catalogQuotaSuite(check))
  describe(`${name}: uploads`, () => catalogUploadsSuite(check))
  describe(`${name}: resumable uploads`, () => catalogResumableSuite(check))
  describe(`${name}: files that wait`, () => catalogHeldSuite(check))
  describe(`${name}: listing`, () => catalogListingSuite(check))
  describe(`${name}: buckets and folders`, () => bucketChecks(check))
  describe(`${name}: grants`, () => catalogGrantsSuite(check))
  describe(`${name}: records of links that are over`, () => catalogRetentionSuite(check))
  describe(`${name}: guesses`, () => catalogGuessesSuite(check))
  describe(`${name}: keys`, () => catalogKeysSuite(check))
  describe(`${name}: events`, () => catalogEventsSuite(check))
  describe(`${name}: alerts`, () => catalogAlertsSuite(check))
  describe(`${name}: webhooks`, () => catalogWebhooksSuite(check))
  describe(`${name}: the installation`, () => catalogInstallationSuite(check))
  describe(`${name}: processes`, () => catalogProcessesSuite(check))
  describe(`${name}: sessions`, () => catalogSessionsSuite(check))
  describe(`${name}: the sweep list`, () => sweepChecks(check))
}

/** What takes longer than an inner loop has. */
export function catalogLongSuite(name: string, create: CreateCatalog): void {
  describe(`${name}: any listing`, () => catalogListingProperty(checkWith(create)))
}

const committed = (outcomes: readonly { outcome: string }[]): string[] =>
  outcomes.map(({ outcome }) => outcome)

function fileChecks(check: CheckCatalog): void {
  check('a committed file is found by name and id, field for field', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const draft = draftOf('päth/to a+file?.pdf', {
      size: 5 * 1024 ** 3,
      headers: { cacheControl: 'no-store', contentDisposition: 'attachment; filename="a"' },
      metadata: { owner: 'müller', 'x y': '' },
      tags: { project: 'a=b&c' },
      checksums: [
        { algorithm: 'sha256', type: 'full-object', value: 'abc+/=' },
        { algorithm: 'crc32c', type: 'composite', value: 'AAAAAA==' },
      ],
      partSizes: [5, 5, 5, 7, 1, 1],
      modifiedAt: 1_800_000_000_123,
    })
    const file = fileOf(draft)
    const outcome = await commit(catalog, draft)
    assert.deepEqual(outcome, { outcome: 'committed', file, replaced: null })
    assert.deepEqual(await catalog.files.find(file), file)
    assert.deepEqual(await catalog.files.findById(file.id), file)
    assert.deepEqual(await other.files.find(file), file)
    const version = { ...file, isDeleteMarker: false, isLatest: true }
    assert.deepEqual(await other.files.findVersion(file, 'null'), version)
  })

  check('what is not there is null', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    assert.equal(await catalog.files.find(at('nothing')), null)
    assert.equal(await catalog.files.findById('nothing'), null)
    assert.equal(await catalog.files.findVersion(at('nothing'), 'null'), null)
    assert.equal(await catalog.files.findMarker(at('nothing')), null)
    assert.equal(await catalog.contents.readInline('nothing'), null)
    assert.equal(await catalog.contents.segments('nothing', { start: 0, end: 9 }), null)
    const removed = { outcome: 'removed', removed: null, versionId: null, isDeleteMarker: false }
    assert.deepEqual(await remove(catalog, 'nothing'), removed)
  })

  check('a file in no bucket is not stored, and none is removed', async ({ catalog }) => {
    const outcome = await commit(catalog, draftOf('a', {}, inlineOf('abc')))
    assert.deepEqual(outcome, { outcome: 'bucket-missing' })
    assert.equal(await catalog.files.find(at('a')), null)
    assert.deepEqual(await remove(catalog, 'a'), { outcome: 'bucket-missing' })
  })

  check('inline bytes come back exactly, empty ones too', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const bytes = Buffer.from([0, 255, 10, 0, 39])
    await store(catalog, draftOf('a', {}, { kind: 'inline', contentId: 'one', bytes }))
    await store(catalog, draftOf('b', {}, inlineOf('', 'two')))
    assert.deepEqual(Buffer.from((await other.contents.readInline('one')) ?? []), bytes)
    assert.equal((await catalog.contents.readInline('two'))?.length, 0)
  })

  check('a replaced file keeps its id and birth, and its old blob is queued', async (fixture) => {
    const { catalog, setNow } = fixture
    await createBuckets(catalog, 'acme')
    const first = draftOf('a')
    const second = draftOf('a', { etag: 'new', headers: { expires: 'never' } })
    const old = await store(catalog, first)
    setNow(5000)
    const outcome = await commit(catalog, second)
    const kept = fileOf(second, { id: old.id, createdAt: old.createdAt })
    assert.deepEqual(outcome, { outcome: 'committed', file: kept, replaced: old })
    assert.deepEqual(await catalog.files.find(at('a')), kept)
    assert.equal(await catalog.files.findById(second.version.newFileId), null)
    assert.deepEqual(await catalog.sweep.due(5000, 'blob', 10), [])
    assert.deepEqual(await catalog.sweep.due(5001, 'blob', 10), [contentIdOf(first)])
  })

  check('a removed file is returned and its bytes queued', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const draft = draftOf('a', {}, inlineOf('abc'))
    const file = await store(catalog, draft)
    const removed = { ...file, isDeleteMarker: false, isLatest: true }
    assert.deepEqual(await remove(catalog, 'a', { nowMs: 7000 }), {
      outcome: 'removed',
      removed,
      versionId: null,
      isDeleteMarker: false,
    })
    assert.equal(await other.files.find(at('a')), null)
    assert.deepEqual(await catalog.sweep.due(7001, 'inline', 10), [contentIdOf(draft)])
  })

  check('an id or a blob that is taken is a conflict and changes nothing', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const taken = draftOf('a')
    const { id } = await store(catalog, taken)
    await rejectsWith('conflict', commit(catalog, draftOf('b', { newFileId: id })))
    await rejectsWith('conflict', commit(catalog, draftOf('c', {}, taken.content)))
    assert.equal(await catalog.files.find(at('b')), null)
    assert.equal(await catalog.files.find(at('c')), null)
  })

  check('writes of one turn stand or fall alone', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const taken = draftOf('taken')
    const clash = draftOf('clash', { newFileId: taken.version.newFileId }, inlineOf('x'))
    const outcomes = await Promise.allSettled(
      [taken, draftOf('first'), clash, draftOf('second')].map((draft) => commit(catalog, draft)),
    )
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
    )
    assert.notEqual(await catalog.files.find(at('first')), null)
    assert.notEqual(await catalog.files.find(at('second')), null)
    assert.equal(await catalog.files.find(at('clash')), null)
    assert.equal(await catalog.contents.readInline(contentIdOf(clash)), null)
  })

  check('writes of one turn happen in the order they were asked for', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const drafts = Array.from({ length: 20 }, (_, turn) => draftOf('a', { etag: `v${turn}` }))
    await Promise.all(drafts.map((draft) => commit(catalog, draft)))
    assert.equal((await catalog.files.find(at('a')))?.etag, 'v19')
  })

  check('names that differ in one byte are different files', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const keys = ['a', 'A', 'a/', 'a/b', 'a//b', 'a ', 'é', 'e\u0301', '\u{1f600}', '%61']
    for (const key of keys) await store(catalog, draftOf(key, { contentType: `for ${key}` }))
    for (const key of keys) {
      assert.equal((await catalog.files.find(at(key)))?.contentType, `for ${key}`)
    }
    await remove(catalog, 'a')
    for (const key of keys.slice(1)) assert.notEqual(await catalog.files.find(at(key)), null)
  })

  check('quotes and SQL in names are names', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const key = `'); DROP TABLE files; --"`
    await store(catalog, draftOf(key))
    assert.equal((await catalog.files.find(at(key)))?.key, key)
  })
}

function conditionChecks(check: CheckCatalog): void {
  check('ifAbsent stores once, whoever races', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, turn) =>
        commit(turn % 2 === 0 ? catalog : other, draftOf('a'), { ifAbsent: true }),
      ),
    )
    const stored = outcomes.filter(({ outcome }) => outcome === 'committed')
    const refused = outcomes.filter(({ outcome }) => outcome === 'condition-failed')
    assert.deepEqual([stored.length, refused.length], [1, 31])
  })

  check('ifEtag stores over that version alone, and * over any', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const absent = await commit(catalog, draftOf('a'), { ifEtag: 'v1' })
    assert.deepEqual(absent, { outcome: 'condition-failed' })
    assert.deepEqual(await commit(catalog, draftOf('a'), { ifEtag: '*' }), absent)
    await store(catalog, draftOf('a', { etag: 'v1' }))
    const outcomes = await Promise.all([
      commit(catalog, draftOf('a', { etag: 'v2' }), { ifEtag: 'v1' }),
      commit(catalog, draftOf('a', { etag: 'v3' }), { ifEtag: 'v1' }),
    ])
    assert.deepEqual(committed(outcomes), ['committed', 'condition-failed'])
    assert.equal((await catalog.files.find(at('a')))?.etag, 'v2')
    assert.equal((await commit(catalog, draftOf('a'), { ifEtag: '*' })).outcome, 'committed')
  })

  check('size, time and id of what is there are compared too', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const { id } = await store(catalog, draftOf('a', { size: 3, modifiedAt: 5999 }))
    const outcome = async (conditions: Parameters<typeof remove>[2]): Promise<string> =>
      (await remove(catalog, 'a', conditions)).outcome
    assert.equal(await outcome({ ifSize: 4 }), 'condition-failed')
    assert.equal(await outcome({ ifModifiedAt: 6000 }), 'condition-failed')
    assert.equal(await outcome({ ifFileId: 'another' }), 'file-missing')
    assert.notEqual(await catalog.files.find(at('a')), null)
    assert.equal(await outcome({ ifSize: 3, ifModifiedAt: 5000, ifFileId: id }), 'removed')
    assert.equal(await outcome({ ifSize: 3 }), 'condition-failed')
    assert.equal(await outcome({ ifFileId: id }), 'file-missing')
  })

  check('under another epoch nothing is written, removed, moved or handed out', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const file = await store(catalog, draftOf('a'))
    const epoch = await catalog.keys.epoch()
    await other.keys.revokeBefore({ scope: 'file:acme/x', notBefore: 1, forgetAt: 2 }, null)
    const changed = { outcome: 'epoch-changed' }
    assert.deepEqual(await commit(catalog, draftOf('a'), { epoch }), changed)
    assert.deepEqual(await remove(catalog, 'a', { epoch }), changed)
    assert.deepEqual(await move(catalog, file, { key: 'b' }, { epoch }), changed)
    assert.equal(await catalog.grants.insert([grantOf('g')], epoch), false)
    assert.deepEqual(await catalog.files.find(at('a')), file)
    assert.equal(await catalog.grants.find('g'), null)
    const now = await catalog.keys.epoch()
    assert.equal((await commit(catalog, draftOf('a'), { epoch: now })).outcome, 'committed')
  })

  check('a refused write stores no bytes and queues nothing', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await store(catalog, draftOf('a'))
    const draft = draftOf('a', {}, inlineOf('abc'))
    await commit(catalog, draft, { ifAbsent: true })
    assert.equal(await catalog.contents.readInline(contentIdOf(draft)), null)
    assert.equal(await catalog.sweep.isKnown(contentIdOf(draft)), false)
    assert.deepEqual(await queuedIds(catalog), [])
  })

  check('a write consumes its grant, and without a use left is refused', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await insertGrants(catalog, grantOf('g', { method: 'PUT', maxUses: 1 }))
    const useGrant = { id: 'g', terms: {}, admittedAtMs: 500, clientIp: '10.0.0.9' }
    const outcomes = await Promise.all([
      commit(catalog, draftOf('a'), { useGrant }),
      commit(catalog, draftOf('b'), { useGrant }),
    ])
    assert.deepEqual(committed(outcomes), ['committed', 'grant-unusable'])
    assert.equal(await catalog.files.find(at('b')), null)
    const grant = await catalog.grants.find('g')
    assert.deepEqual([grant?.uses, grant?.lastUsedAt, grant?.lastUsedIp], [1, 500, '10.0.0.9'])
  })

  check('what was admitted in time may finish after the end of its grant', async (fixture) => {
    const { catalog, setNow } = fixture
    await createBuckets(catalog, 'acme')
    await insertGrants(catalog, grantOf('g', { method: 'PUT', expiresAt: 1000 }))
    setNow(2000)
    const use = (admittedAtMs: number) => ({
      id: 'g',
      terms: {},
      admittedAtMs,
      clientIp: '::1',
    })
    const inTime = await commit(catalog, draftOf('a'), { useGrant: use(999) })
    const late = await commit(catalog, draftOf('a'), { useGrant: use(1000) })
    assert.deepEqual(committed([inTime, late]), ['committed', 'grant-unusable'])
  })

  check(
    'a write on a grant that may do something else by now is looked at again',
    async ({ catalog }) => {
      await createBuckets(catalog, 'acme')
      const terms = { maxBytes: 9 }
      await insertGrants(catalog, grantOf('g', { method: 'PUT', maxUses: 1, terms }))
      const use = { id: 'g', admittedAtMs: 500, clientIp: '::1' }
      const write = (seen: GrantTerms) =>
        commit(catalog, draftOf('a'), { useGrant: { ...use, terms: seen } })
      const otherwise = await write({ maxBytes: 10 })
      await catalog.grants.pause('g', { nowMs: 1, stub: null }, null)
      const paused = await write(terms)
      await catalog.grants.resume('g', null)
      assert.equal((await catalog.grants.find('g'))?.uses, 0)
      const asSeen = await write({ ...terms })
      const outcomes = committed([otherwise, paused, asSeen])
      assert.deepEqual(outcomes, ['epoch-changed', 'epoch-changed', 'committed'])
    },
  )

  check('a write that fails its conditions consumes no use', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await insertGrants(catalog, grantOf('g', { method: 'PUT', maxUses: 1 }))
    const useGrant = { id: 'g', terms: {}, admittedAtMs: 500, clientIp: '10.0.0.9' }
    const taken = await store(catalog, draftOf('a'))
    await commit(catalog, draftOf('a'), { ifAbsent: true, useGrant })
    await commit(catalog, draftOf('a'), { epoch: -1, useGrant })
    await commit(catalog, draftOf('a', { bucket: 'gone' }), { useGrant })
    const clash = draftOf('b', { newFileId: taken.id })
    await rejectsWith('conflict', commit(catalog, clash, { useGrant }))
    const gone = { kind: 'shared', content: { kind: 'blob', contentId: 'gone' } } as const
    const copy = await commit(catalog, draftOf('c', {}, gone), { useGrant })
    assert.deepEqual(copy, { outcome: 'file-missing' })
    assert.equal((await catalog.grants.find('g'))?.uses, 0)
  })
}

function moveChecks(check: CheckCatalog): void {
  check('a moved file has its new name alone', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme', 'other')
    const file = await store(catalog, draftOf('a'))
    const moved = { ...file, bucket: 'other', key: 'b/c', modifiedAt: 9000, arrivedAt: 9000 }
    const outcome = await move(catalog, file, { bucket: 'other', key: 'b/c' })
    assert.deepEqual(outcome, { outcome: 'moved', file: moved })
    assert.equal(await other.files.find(at('a')), null)
    assert.deepEqual(await other.files.find(at('b/c', 'other')), moved)
    assert.deepEqual(await other.files.findById(file.id), moved)
    assert.deepEqual(await queuedIds(catalog), [])
  })

  check('a file at the target stays unless it may be replaced', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const moving = await store(catalog, draftOf('a'))
    const standing = await store(catalog, draftOf('b'))
    assert.deepEqual(await move(catalog, moving, { key: 'b' }), { outcome: 'target-exists' })
    assert.deepEqual(await catalog.files.find(at('b')), standing)
    const moved = { ...moving, key: 'b', modifiedAt: 9000, arrivedAt: 9000 }
    const outcome = await move(catalog, moving, { key: 'b', overwrite: true })
    assert.deepEqual(outcome, { outcome: 'moved', file: moved })
    assert.equal(await catalog.files.findById(standing.id), null)
    assert.deepEqual(await catalog.sweep.due(9001, 'blob', 10), [standing.content.contentId])
  })

  check('a move to its own name keeps the file', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = await store(catalog, draftOf('a'))
    await move(catalog, file, { key: 'a' })
    assert.deepEqual(await catalog.files.find(at('a')), { ...file, modifiedAt: 9000 })
    assert.deepEqual(await queuedIds(catalog), [])
  })

  check('a missing file or bucket is said, and a file too large', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const gone = { id: 'gone', bucket: 'acme', key: 'a' }
    assert.deepEqual(await move(catalog, gone, { key: 'b' }), { outcome: 'file-missing' })
    const file = await store(catalog, draftOf('a', { size: 10 }))
    const nowhere = await move(catalog, file, { bucket: 'nope', key: 'a' })
    assert.deepEqual(nowhere, { outcome: 'bucket-missing' })
    const large = await move(catalog, file, { key: 'b', maxBytes: 9 })
    assert.deepEqual(large, { outcome: 'too-large' })
    assert.deepEqual(await catalog.files.find(at('a')), file)
  })

  check('a file is moved only as what was looked at', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = await store(catalog, draftOf('a'))
    const other = await move(catalog, file, { key: 'b' }, { ifContentType: 'text/css' })
    assert.deepEqual(other, { outcome: 'condition-failed' })
    const conditions = { ifEtag: file.etag, ifContentType: file.contentType }
    assert.equal((await move(catalog, file, { key: 'b' }, conditions)).outcome, 'moved')
  })

  check('a file is moved only from where it was allowed', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    for (let round = 0; round < 150; round += 1) {
      const file = await store(catalog, draftOf('in/a'))
      // Allowed while the file was in `in/`; somebody else hides it meanwhile.
      const [hidden, pulled] = await Promise.all([
        move(other, file, { key: 'secret/a' }),
        new Promise((resolve) => {
          setImmediate(resolve)
        }).then(() => move(catalog, file, { key: 'in/b' })),
      ])
      const where = (await catalog.files.findById(file.id))?.key
      const winner = hidden.outcome === 'moved' ? 'secret/a' : 'in/b'
      assert.deepEqual(committed([hidden, pulled]).toSorted(), ['file-missing', 'moved'])
      assert.equal(where, winner)
      await remove(catalog, winner, { ifFileId: file.id })
    }
  })

  check('a file is removed by id only from where it was allowed', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = await store(catalog, draftOf('in/a'))
    await move(catalog, file, { key: 'secret/a' })
    const another = await store(catalog, draftOf('in/a'))
    const outcome = await remove(catalog, 'in/a', { ifFileId: file.id })
    assert.deepEqual(outcome, { outcome: 'file-missing' })
    assert.deepEqual(await catalog.files.find(at('in/a')), another)
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
    assert.equal(await other.buckets.create(bucketOf('alpha', { createdAt: 2 }), null), false)
    assert.deepEqual(await other.buckets.find('alpha'), bucketOf('alpha'))
    assert.equal(await other.buckets.find('gamma'), null)
    const names = (await other.buckets.list()).map(({ name }) => name)
    assert.deepEqual(names, ['alpha', 'beta'])
  })

  check('a bucket changes what is named of it', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    assert.equal(
      await catalog.buckets.update('acme', { settings: { cors: [{ a: 1 }] } }, null),
      true,
    )
    assert.equal(await catalog.buckets.update('acme', { versioning: 'enabled' }, null), true)
    assert.equal(await catalog.buckets.update('nope', { versioning: 'enabled' }, null), false)
    const expected = bucketOf('acme', { versioning: 'enabled', settings: { cors: [{ a: 1 }] } })
    assert.deepEqual(await other.buckets.find('acme'), expected)
    const epoch = await catalog.keys.epoch()
    await catalog.buckets.update('acme', { settings: { tags: { a: 'b' } } }, null)
    assert.notEqual(await other.keys.epoch(), epoch)
    const both = { cors: [{ a: 1 }], tags: { a: 'b' } }
    assert.deepEqual((await other.buckets.find('acme'))?.settings, both)
    await catalog.buckets.update('acme', { settings: { cors: null } }, null)
    assert.deepEqual((await other.buckets.find('acme'))?.settings, { tags: { a: 'b' } })
    await catalog.buckets.update('acme', { versioning: 'off' }, null)
    assert.equal((await other.buckets.find('acme'))?.versioning, 'suspended')
  })

  check(
    'folders of a bucket change in one step with its settings, or not at all',
    async (stores) => {
      const { catalog, other } = stores
      await createBuckets(catalog, 'acme')
      await catalog.folders.put(folderOf('acme/old/'), BECAUSE, null)
      const folders = {
        put: [folderOf('acme/a/'), folderOf('acme/b/')],
        remove: ['acme/old/'],
        because: { ...BECAUSE, changedBy: 'somebody' },
      }
      const change = { settings: { policy: 'text' }, folders }
      const stale = { epoch: (await catalog.keys.epoch()) - 1, keyId: null }
      assert.equal(await catalog.buckets.update('acme', change, stale), 'epoch-changed')
      assert.equal(await catalog.buckets.update('nope', change, null), false)
      assert.deepEqual(await other.folders.list('acme/', '', 10), [folderOf('acme/old/')])
      assert.equal(await catalog.buckets.update('acme', change, null), true)
      assert.deepEqual(await other.folders.list('acme/', '', 10), folders.put)
      assert.deepEqual((await other.buckets.find('acme'))?.settings, { policy: 'text' })
      const [made] = await other.folders.changes('acme/a/', null, 10)
      const [ended] = await other.folders.changes('acme/old/', null, 10)
      assert.deepEqual([made?.version, made?.changedBy], [1, 'somebody'])
      assert.deepEqual([ended?.version, ended?.isRemoval], [2, true])
    },
  )

  check('only an empty bucket goes, with its folder records', async ({ catalog }) => {
    await createBuckets(catalog, 'acme', 'acme2')
    await catalog.folders.put(folderOf('acme/'), BECAUSE, null)
    await catalog.folders.put(folderOf('acme2/'), BECAUSE, null)
    await store(catalog, draftOf('a'))
    assert.equal(await catalog.buckets.remove('acme', null), 'not-empty')
    await remove(catalog, 'a')
    const epoch = await catalog.keys.epoch()
    assert.equal(await catalog.buckets.remove('acme', null), 'removed')
    assert.equal(await catalog.buckets.remove('acme', null), 'missing')
    assert.equal(await catalog.folders.find('acme/'), null)
    assert.notEqual(await catalog.folders.find('acme2/'), null)
    // Another bucket of the same name begins anew.
    assert.deepEqual(await catalog.folders.changes('acme/', null, 10), [])
    assert.equal((await catalog.folders.changes('acme2/', null, 10)).length, 1)
    assert.notEqual(await catalog.keys.epoch(), epoch)
  })

  check('a folder record is put, changed, found and removed', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const folder = folderOf('acme/x/', { visibility: 'public', policy: { maxBytes: 10 } })
    assert.equal(await catalog.folders.put(folder, BECAUSE, null), true)
    assert.deepEqual(await other.folders.find('acme/x/'), folder)
    const changed = folderOf('acme/x/', { policy: { maxDownloadSeconds: 60 }, updatedAt: 4 })
    assert.equal(await catalog.folders.put(changed, BECAUSE, null), true)
    assert.deepEqual(await other.folders.find('acme/x/'), changed)
    assert.equal(await catalog.folders.remove('acme/x/', BECAUSE, null), true)
    assert.equal(await catalog.folders.remove('acme/x/', BECAUSE, null), false)
    assert.equal(await catalog.folders.find('acme/x/'), null)
    assert.equal(await catalog.folders.put(folderOf('nope/x/'), BECAUSE, null), false)
  })

  check(
    'every change of a folder is kept as a version, and goes on where it lost its settings',
    async ({ catalog, other }) => {
      await createBuckets(catalog, 'acme')
      const put = (reason: string, maxBytes: number): Promise<unknown> =>
        catalog.folders.put(
          folderOf('acme/x/', { policy: { maxBytes } }),
          { ...BECAUSE, reason },
          null,
        )
      await put('first', 1)
      await catalog.folders.remove('acme/x/', { ...BECAUSE, reason: 'second' }, null)
      await put('third', 3)
      const changes = await other.folders.changes('acme/x/', null, 10)
      assert.deepEqual(
        changes.map(({ version, reason, isRemoval, policy }) => [
          version,
          reason,
          isRemoval,
          policy,
        ]),
        [
          [3, 'third', false, { maxBytes: 3 }],
          [2, 'second', true, {}],
          [1, 'first', false, { maxBytes: 1 }],
        ],
      )
      assert.equal(changes[0]?.changedBy, BECAUSE.changedBy)
      const older = await other.folders.changes('acme/x/', 3, 1)
      assert.deepEqual(
        older.map(({ version }) => version),
        [2],
      )
      assert.deepEqual(await other.folders.changes('acme/', null, 10), [])
    },
  )

  check('of many writers no more get in than a quota has room for', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    await store(catalog, draftOf('in/before', { size: 10 }))
    await catalog.folders.put(
      folderOf('acme/in/', { policy: { maxTotalBytes: 45 } }),
      BECAUSE,
      null,
    )
    const quotas = [{ path: 'acme/in/', maxBytes: 45, maxFiles: null }]
    const outcomes = await Promise.all(
      Array.from({ length: 32 }, (_, index) =>
        commit(index % 2 === 0 ? catalog : other, draftOf(`in/${index}`, { size: 10 }), { quotas }),
      ),
    )
    const stored = outcomes.filter(({ outcome }) => outcome === 'committed')
    assert.equal(stored.length, 3)
    assert.equal(outcomes.filter(({ outcome }) => outcome === 'over-quota').length, 29)
    assert.deepEqual(await other.folders.usage('acme/in/'), { bytes: 40, files: 4 })
    await store(catalog, draftOf('inside', { size: 10 }))
    await remove(catalog, 'in/before')
    assert.deepEqual(await other.folders.usage('acme/in/'), { bytes: 30, files: 3 })
    await catalog.folders.remove('acme/in/', BECAUSE, null)
    assert.equal(await other.folders.usage('acme/in/'), null)
  })

  check('the instance has a record without a bucket, which is in no list', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    assert.equal(
      await catalog.folders.put(folderOf('', { policy: { maxUses: 3 } }), BECAUSE, null),
      true,
    )
    await catalog.folders.put(folderOf('acme/'), BECAUSE, null)
    const above = await catalog.folders.findMany(['acme/', ''])
    assert.deepEqual(
      above.map(({ path }) => path),
      ['acme/', ''],
    )
    const listed = await catalog.folders.list('', '', 10)
    assert.deepEqual(
      listed.map(({ path }) => path),
      ['acme/'],
    )
  })

  check('the folders above a file come nearest first', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    for (const path of ['acme/', 'acme/a/b/', 'acme/z/'])
      await catalog.folders.put(folderOf(path), BECAUSE, null)
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
    for (const path of paths) await catalog.folders.put(folderOf(path), BECAUSE, null)
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

async function readText(catalog: Catalog, contentId: string): Promise<string> {
  return Buffer.from((await catalog.contents.readInline(contentId)) ?? []).toString()
}

function sweepChecks(check: CheckCatalog): void {
  check('contents come due oldest first, each kind by itself', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const kinds = ['blob', 'inline', 'blob', 'inline', 'blob'] as const
    for (const [number, kind] of kinds.entries()) {
      const contentId = `content-${number}`
      const bytes = Buffer.from('abc')
      const content = kind === 'inline' ? { kind, contentId, bytes } : { kind, contentId, size: 3 }
      await store(catalog, draftOf(`k${number}`, {}, content))
    }
    for (const [number, nowMs] of [400, 300, 200, 100, 500].entries()) {
      await remove(catalog, `k${number}`, { nowMs })
    }
    assert.deepEqual(await catalog.sweep.due(500, 'blob', 10), ['content-2', 'content-0'])
    assert.deepEqual(await catalog.sweep.due(501, 'blob', 2), ['content-2', 'content-0'])
    assert.deepEqual(await catalog.sweep.due(501, 'inline', 10), ['content-3', 'content-1'])
    assert.deepEqual(await catalog.sweep.due(100, 'inline', 10), [])
  })

  check('swept contents leave the list, inline bytes with them', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await store(catalog, draftOf('a', {}, inlineOf('gone', 'gone')))
    await store(catalog, draftOf('b', {}, inlineOf('kept', 'kept')))
    await remove(catalog, 'a')
    assert.deepEqual(await readText(catalog, 'gone'), 'gone')
    await catalog.sweep.done(['gone', 'unheard-of', 'kept'])
    assert.equal(await catalog.contents.readInline('gone'), null)
    assert.deepEqual(await readText(catalog, 'kept'), 'kept')
    assert.deepEqual(await queuedIds(catalog), [])
  })

  check('a content is known while a version or the list holds it', async ({ catalog, other }) => {
    await createBuckets(catalog, 'acme')
    const drafts = [draftOf('a'), draftOf('b', {}, inlineOf('x'))]
    for (const draft of drafts) await store(catalog, draft)
    for (const draft of drafts) {
      const id = contentIdOf(draft)
      assert.equal(await other.sweep.isKnown(id), true)
      await remove(catalog, draft.version.key)
      assert.equal(await other.sweep.isKnown(id), true)
      await catalog.sweep.done([id])
      assert.equal(await other.sweep.isKnown(id), false)
    }
    assert.equal(await catalog.sweep.isKnown('unheard-of'), false)
  })
}
