/** What a bucket keeps of what was replaced or deleted, as S3 means it. */
import assert from 'node:assert/strict'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { VersionRecord } from '../../src/catalog/records.ts'
import {
  at,
  contentIdOf,
  createBucket,
  createBuckets,
  draftOf,
  grantOf,
  insertGrants,
  move,
  queuedIds,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

/** Versions of a key from the newest on: ids, `*` before the latest, `!` after a delete marker. */
async function versionsOf(catalog: Catalog, key: string): Promise<string[]> {
  const query = { bucket: 'acme', delimiter: '', after: '', afterVersionId: null, limit: 1000 }
  const { entries } = await catalog.files.listVersions({ ...query, prefix: key })
  return entries.flatMap((entry) =>
    entry.kind === 'file' && entry.file.key === key ? [describeVersion(entry.file)] : [],
  )
}

function describeVersion({ versionId, isLatest, isDeleteMarker }: VersionRecord): string {
  return `${isLatest ? '*' : ''}${versionId}${isDeleteMarker ? '!' : ''}`
}

async function put(catalog: Catalog, versionId: string, key = 'a'): Promise<string> {
  const draft = draftOf(key, { newVersionId: versionId, etag: `etag-${versionId}` })
  await store(catalog, draft)
  return contentIdOf(draft)
}

export function catalogVersionsSuite(check: CheckCatalog): void {
  check('a bucket without versions keeps one version, called null', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const first = await put(catalog, 'v1')
    await put(catalog, 'v2')
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*null'])
    assert.deepEqual(await queuedIds(catalog), [first])
  })

  check('an enabled bucket keeps every version and queues none', async ({ catalog, other }) => {
    await createBucket(catalog, 'enabled')
    for (const id of ['v1', 'v2', 'v3']) await put(catalog, id)
    assert.deepEqual(await versionsOf(other, 'a'), ['*v3', 'v2', 'v1'])
    assert.deepEqual(await queuedIds(catalog), [])
    const current = await other.files.find(at('a'))
    assert.deepEqual([current?.versionId, current?.etag], ['v3', 'etag-v3'])
    const old = await other.files.findVersion(at('a'), 'v1')
    assert.ok(old !== null && !old.isDeleteMarker)
    assert.deepEqual([old.etag, old.isLatest, old.id], ['etag-v1', false, current?.id])
    assert.equal(await other.files.findVersion(at('a'), 'v4'), null)
  })

  check('a delete sets a marker, behind which everything stays', async ({ catalog, other }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    const outcome = await remove(catalog, 'a')
    assert.ok(outcome.outcome === 'removed' && outcome.isDeleteMarker && outcome.removed === null)
    const marker = outcome.versionId ?? ''
    assert.equal(await other.files.find(at('a')), null)
    assert.notEqual(await other.files.findMarker(at('a')), null)
    assert.deepEqual(await versionsOf(catalog, 'a'), [`*${marker}!`, 'v1'])
    assert.deepEqual(await queuedIds(catalog), [])
    const found = await other.files.findVersion(at('a'), marker)
    assert.deepEqual([found?.isDeleteMarker, found?.isLatest], [true, true])
  })

  check('deleting what never was sets a marker too, and another on top of one', async (fixture) => {
    const { catalog } = fixture
    await createBucket(catalog, 'enabled')
    await remove(catalog, 'a')
    await remove(catalog, 'a')
    assert.equal((await versionsOf(catalog, 'a')).length, 2)
    assert.notEqual(await catalog.files.findMarker(at('a')), null)
  })

  check('deleting the marker brings back the version behind it', async ({ catalog, other }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    const before = await catalog.files.find(at('a'))
    const outcome = await remove(catalog, 'a')
    const marker = (outcome.outcome === 'removed' && outcome.versionId) || ''
    const undone = await remove(catalog, 'a', { versionId: marker })
    assert.ok(undone.outcome === 'removed' && undone.isDeleteMarker)
    assert.deepEqual(await other.files.find(at('a')), before)
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v1'])
    assert.equal(await other.files.findMarker(at('a')), null)
  })

  check('deleting the current version by its id brings the newest other one back', async (f) => {
    const { catalog } = f
    await createBucket(catalog, 'enabled')
    const gone: string[] = []
    for (const id of ['v1', 'v2', 'v3']) gone.push(await put(catalog, id))
    const removed = await remove(catalog, 'a', { versionId: 'v3' })
    assert.ok(removed.outcome === 'removed' && removed.removed?.isDeleteMarker === false)
    assert.deepEqual([removed.removed.versionId, removed.versionId], ['v3', 'v3'])
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v2', 'v1'])
    assert.equal((await catalog.files.find(at('a')))?.etag, 'etag-v2')
    await remove(catalog, 'a', { versionId: 'v1' })
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v2'])
    await remove(catalog, 'a', { versionId: 'v2' })
    assert.deepEqual(await versionsOf(catalog, 'a'), [])
    assert.deepEqual(await queuedIds(catalog), gone.toSorted())
    assert.equal(await catalog.files.findMarker(at('a')), null)
  })

  check('behind the current version a marker may come first again', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    await remove(catalog, 'a')
    await put(catalog, 'v2')
    await remove(catalog, 'a', { versionId: 'v2' })
    assert.equal(await catalog.files.find(at('a')), null)
    assert.notEqual(await catalog.files.findMarker(at('a')), null)
    assert.equal((await versionsOf(catalog, 'a')).length, 2)
  })

  check('a file made anew behind a marker is another file', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    const first = await store(catalog, draftOf('a', { newVersionId: 'v1' }))
    await remove(catalog, 'a')
    const second = await store(catalog, draftOf('a', { newVersionId: 'v2' }))
    assert.notEqual(second.id, first.id)
    assert.equal(await catalog.files.findById(first.id), null)
    assert.equal((await catalog.files.findVersion(at('a'), 'v1'))?.id, first.id)
  })

  check('removing a version that is not there removes nothing', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    assert.deepEqual(await remove(catalog, 'a', { versionId: 'v9' }), {
      outcome: 'removed',
      removed: null,
      versionId: 'v9',
      isDeleteMarker: false,
    })
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v1'])
  })

  check('conditions on a version are those of the version named', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    await put(catalog, 'v2')
    const refused = await remove(catalog, 'a', { versionId: 'v1', ifEtag: 'etag-v2' })
    assert.equal(refused.outcome, 'condition-failed')
    const removed = await remove(catalog, 'a', { versionId: 'v1', ifEtag: 'etag-v1' })
    assert.equal(removed.outcome, 'removed')
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v2'])
  })

  check(
    'tags are those of one version, and change nothing else of it',
    async ({ catalog, other }) => {
      await createBucket(catalog, 'enabled')
      await put(catalog, 'v1')
      await put(catalog, 'v2')
      const tag = (
        versionId: string | null,
        conditions = {},
      ): ReturnType<Catalog['files']['tag']> =>
        catalog.files.tag(
          { path: at('a'), versionId, tags: { of: versionId ?? 'latest' } },
          { epoch: null, ...conditions },
        )
      const before = await other.files.find(at('a'))
      assert.deepEqual(await tag('v1'), { outcome: 'tagged', versionId: 'v1' })
      assert.deepEqual(await tag(null), { outcome: 'tagged', versionId: 'v2' })
      assert.deepEqual(await other.files.find(at('a')), { ...before, tags: { of: 'latest' } })
      const old = await other.files.findVersion(at('a'), 'v1')
      assert.ok(old !== null && !old.isDeleteMarker)
      assert.deepEqual(old.tags, { of: 'v1' })
      assert.deepEqual(await tag('v9'), { outcome: 'file-missing' })
      assert.deepEqual(await tag(null, { ifFileId: 'other' }), { outcome: 'file-missing' })
      assert.deepEqual(await tag(null, { epoch: -1 }), { outcome: 'epoch-changed' })
      await remove(catalog, 'a')
      assert.deepEqual(await tag(null), { outcome: 'file-missing' })
      const [marker = ''] = await versionsOf(catalog, 'a')
      assert.deepEqual(await tag(marker.slice(1, -1)), { outcome: 'file-missing' })
    },
  )

  check(
    'the marker of a deleted file is found by its id, until something else is there',
    async (f) => {
      const { catalog, other } = f
      await createBucket(catalog, 'enabled')
      await put(catalog, 'v1')
      const { id = '' } = (await catalog.files.find(at('a'))) ?? {}
      assert.equal(await catalog.files.findMarkerById(id), null)
      await remove(catalog, 'a')
      const marker = await other.files.findMarkerById(id)
      assert.deepEqual([marker?.key, marker?.isLatest], ['a', true])
      assert.deepEqual(await other.files.findMarker(at('a')), marker)
      await put(catalog, 'v2')
      assert.equal(await catalog.files.findMarkerById(id), null)
      assert.equal(await catalog.files.findMarkerById('none'), null)
    },
  )

  check('a suspended bucket replaces the null version and keeps the others', async (fixture) => {
    const { catalog } = fixture
    await createBuckets(catalog, 'acme')
    const zero = await put(catalog, 'v0')
    await catalog.buckets.update('acme', { versioning: 'enabled' }, null)
    await put(catalog, 'v1')
    await catalog.buckets.update('acme', { versioning: 'suspended' }, null)
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v1', 'null'])
    const one = await put(catalog, 'v2')
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*null', 'v1'])
    assert.deepEqual(await queuedIds(catalog), [zero])
    await put(catalog, 'v3')
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*null', 'v1'])
    assert.deepEqual(await queuedIds(catalog), [zero, one].toSorted())
  })

  check(
    'a delete in a suspended bucket is a null marker in place of the null version',
    async (f) => {
      const { catalog } = f
      await createBucket(catalog, 'enabled')
      await put(catalog, 'v1')
      await catalog.buckets.update('acme', { versioning: 'suspended' }, null)
      const gone = await put(catalog, 'v2')
      const outcome = await remove(catalog, 'a')
      assert.ok(outcome.outcome === 'removed')
      assert.deepEqual([outcome.versionId, outcome.isDeleteMarker], ['null', true])
      assert.equal(outcome.removed?.versionId, 'null')
      assert.deepEqual(await versionsOf(catalog, 'a'), ['*null!', 'v1'])
      await remove(catalog, 'a')
      assert.deepEqual(await versionsOf(catalog, 'a'), ['*null!', 'v1'])
      await put(catalog, 'v3')
      assert.deepEqual(await versionsOf(catalog, 'a'), ['*null', 'v1'])
      assert.deepEqual(await queuedIds(catalog), [gone])
    },
  )

  check('a null version of an enabled bucket is removed by that name', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const old = await put(catalog, 'v0')
    await catalog.buckets.update('acme', { versioning: 'enabled' }, null)
    await put(catalog, 'v1')
    await remove(catalog, 'a', { versionId: 'null' })
    assert.deepEqual(await versionsOf(catalog, 'a'), ['*v1'])
    assert.deepEqual(await queuedIds(catalog), [old])
  })

  check(
    'a move leaves what was there behind a marker and takes its place at the target',
    async (f) => {
      const { catalog } = f
      await createBucket(catalog, 'enabled')
      await put(catalog, 'v1')
      await put(catalog, 'v2')
      await put(catalog, 'w1', 'b')
      const file = await catalog.files.find(at('a'))
      assert.ok(file !== null)
      const outcome = await move(catalog, file, { key: 'b', overwrite: true })
      assert.ok(outcome.outcome === 'moved')
      assert.equal(outcome.file.id, file.id)
      assert.deepEqual((await versionsOf(catalog, 'a')).slice(1), ['v2', 'v1'])
      assert.deepEqual(await versionsOf(catalog, 'b'), [`*${outcome.file.versionId}`, 'w1'])
      assert.notEqual(await catalog.files.findMarker(at('a')), null)
      assert.deepEqual(await queuedIds(catalog), [])
      const [marker = ''] = await versionsOf(catalog, 'a')
      await remove(catalog, 'a', { versionId: marker.slice(1, -1) })
      const back = await catalog.files.find(at('a'))
      assert.equal(back?.etag, 'etag-v2')
      assert.notEqual(back?.id, file.id)
      assert.equal((await catalog.files.findById(file.id))?.key, 'b')
    },
  )

  check('versions and markers count as what a bucket holds', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    await put(catalog, 'v1')
    await remove(catalog, 'a', { versionId: 'v1' })
    assert.equal(await catalog.buckets.remove('acme', null), 'removed')
    await createBucket(catalog, 'enabled')
    await remove(catalog, 'a')
    assert.equal(await catalog.buckets.remove('acme', null), 'not-empty')
  })

  check('the links of a path end when nothing is left at it, not before', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    await insertGrants(catalog, grantOf('g', { key: 'a' }))
    await put(catalog, 'v1')
    await put(catalog, 'v2')
    await remove(catalog, 'a', { versionId: 'v2', nowMs: 500 })
    assert.equal((await catalog.grants.find('g'))?.revokedAt, null)
    await remove(catalog, 'a', { nowMs: 600 })
    const grant = await catalog.grants.find('g')
    assert.deepEqual([grant?.revokedAt, grant?.revokedBy], [600, 'delete'])
  })

  check('versions are listed page by page, within a name too', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    for (const key of ['a', 'b', 'c/1', 'c/2', 'd']) {
      for (const version of [1, 2, 3]) await put(catalog, `${key}.${version}`, key)
    }
    await remove(catalog, 'b')
    for (const limit of [1, 2, 3, 5, 100]) {
      const seen: string[] = []
      let from: { after: string; afterVersionId: string | null } = {
        after: '',
        afterVersionId: null,
      }
      for (;;) {
        const query = { bucket: 'acme', prefix: '', delimiter: '/', limit, ...from }
        const page = await catalog.files.listVersions(query)
        assert.ok(page.entries.length <= limit)
        for (const entry of page.entries) {
          seen.push(entry.kind === 'prefix' ? `${entry.prefix}…` : describeVersion(entry.file))
        }
        if (page.nextAfter === null) break
        from = { after: page.nextAfter, afterVersionId: page.nextAfterVersionId }
      }
      const marker = seen.find((name) => name.endsWith('!')) ?? ''
      const expected = `*a.3 a.2 a.1 ${marker} b.3 b.2 b.1 c/… *d.3 d.2 d.1`
      assert.equal(seen.join(' '), expected)
      assert.ok(marker.startsWith('*'))
    }
  })

  check('whoever deletes version by version, page by page, leaves nothing', async ({ catalog }) => {
    await createBucket(catalog, 'enabled')
    for (const key of ['a', 'b', 'c']) {
      for (const version of [1, 2, 3, 4]) await put(catalog, `${key}.${version}`, key)
      await remove(catalog, key)
    }
    let from: { after: string; afterVersionId: string | null } = { after: '', afterVersionId: null }
    for (;;) {
      const query = { bucket: 'acme', prefix: '', delimiter: '', limit: 4, ...from }
      const page = await catalog.files.listVersions(query)
      for (const entry of page.entries) {
        assert.ok(entry.kind === 'file')
        await remove(catalog, entry.file.key, { versionId: entry.file.versionId })
      }
      if (page.nextAfter === null) break
      from = { after: page.nextAfter, afterVersionId: page.nextAfterVersionId }
    }
    assert.equal(await catalog.buckets.remove('acme', null), 'removed')
  })
}
