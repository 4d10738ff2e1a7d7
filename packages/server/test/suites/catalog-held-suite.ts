/** What the catalog promises of files that wait: nobody finds them, each is settled once, and their order is that in which they came. */
import assert from 'node:assert/strict'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { WriteConditions } from '../../src/catalog/file-steps.ts'
import type { HeldRecord } from '../../src/catalog/held-steps.ts'
import {
  BECAUSE,
  at,
  blobOf,
  commit,
  contentIdOf,
  createBucket,
  createBuckets,
  draftOf,
  grantOf,
  inlineOf,
  move,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog, Draft } from './catalog-fixture.ts'

const HOLDER = { holder: 'key_a' }
const NOW = { quotas: [], nowMs: 5000 }
const REFUSED = { code: 'malware-found', reason: 'Eicar', nowMs: 6000 }

async function hold(
  catalog: Catalog,
  draft: Draft,
  conditions: Partial<WriteConditions> = {},
): Promise<HeldRecord> {
  const outcome = await commit(catalog, draft, { ...HOLDER, ...conditions })
  assert.ok(outcome.outcome === 'committed' && outcome.held !== undefined, outcome.outcome)
  return outcome.held
}

async function sweepable(catalog: Catalog): Promise<readonly string[]> {
  const due = await Promise.all(
    (['inline', 'blob'] as const).map((kind) => catalog.sweep.due(1e15, kind, 100)),
  )
  return due.flat()
}

const keysOf = (held: readonly HeldRecord[]): string[] => held.map(({ key }) => key)

export function catalogHeldSuite(check: CheckCatalog): void {
  check('a file that waits is found by its holder alone, until it is admitted', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const before = await store(catalog, draftOf('a'))
    const draft = draftOf('a', { contentType: 'image/png', tags: { a: 'b' } })
    const held = await hold(catalog, draft)
    assert.deepEqual(await other.files.find(at('a')), before)
    assert.equal(await other.files.findVersion(at('a'), draft.version.newVersionId), null)
    assert.equal((await other.held.findAt(at('a'), 'key_a'))?.heldId, held.heldId)
    assert.equal(await other.held.findAt(at('a'), 'key_b'), null)
    assert.deepEqual(await other.held.find(held.heldId), held)
    assert.deepEqual(await sweepable(catalog), [])

    const admitted = await other.held.admit(held.heldId, NOW)
    assert.ok(admitted.outcome === 'admitted')
    const { file } = admitted
    assert.deepEqual(await catalog.files.find(at('a')), file)
    assert.deepEqual([file.id, file.contentType, file.modifiedAt], [before.id, 'image/png', 5000])
    assert.equal(file.content.contentId, contentIdOf(draft))
    assert.deepEqual(await sweepable(catalog), [before.content.contentId])
    assert.equal(await catalog.held.find(held.heldId), null)
    assert.deepEqual(await catalog.held.admit(held.heldId, NOW), { outcome: 'gone' })
    assert.equal(await catalog.held.reject(held.heldId, REFUSED), false)
    const kinds = (await other.events.after(0, 10)).map(({ event }) => event.kind)
    assert.deepEqual(kinds.slice(-2), ['upload.held', 'file.created'])
  })

  check('one that is refused gives its bytes up, says why, and is told of', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const draft = draftOf('a', {}, inlineOf('bad'))
    const by = { keyId: 'key_a', linkId: 'link_a', address: '::1', agent: null }
    const { heldId } = await hold(catalog, draft, { by })
    assert.equal(await other.held.reject(heldId, REFUSED), true)
    assert.equal(await catalog.files.find(at('a')), null)
    assert.deepEqual(await sweepable(catalog), [contentIdOf(draft)])
    const refused = await catalog.held.find(heldId)
    assert.deepEqual(
      [refused?.state, refused?.code, refused?.reason, refused?.endedAt],
      ['rejected', 'malware-found', 'Eicar', 6000],
    )
    assert.equal(await catalog.held.findAt(at('a'), 'key_a'), null)
    assert.deepEqual(await catalog.held.admit(heldId, NOW), { outcome: 'gone' })
    const event = (await other.events.after(0, 10)).at(-1)?.event
    assert.deepEqual(
      [event?.kind, event?.code, event?.path, event?.linkId, event?.target],
      ['upload.rejected', 'malware-found', 'acme/a', 'link_a', heldId],
    )
    assert.equal(await catalog.held.forget(6000, 10), 0)
    assert.equal(await catalog.held.forget(6001, 10), 1)
    assert.equal(await other.held.find(heldId), null)
  })

  check(
    'whoever takes them has the oldest of each name, alone and for a while',
    async (fixture) => {
      const { catalog, other } = fixture
      await createBuckets(catalog, 'acme')
      const first = await hold(catalog, draftOf('a'))
      const second = await hold(catalog, draftOf('a'))
      await hold(catalog, draftOf('b'))
      const now = 1e12
      const takes = await Promise.all([
        catalog.held.take(now, now + 100, 10),
        other.held.take(now, now + 100, 10),
      ])
      assert.deepEqual(keysOf(takes.flat()).toSorted(), ['a', 'b'])
      assert.equal(takes.flat().find(({ key }) => key === 'a')?.heldId, first.heldId)
      assert.deepEqual(await other.held.take(now + 99, now + 200, 10), [])
      await catalog.held.keep(first.heldId, now + 150)
      assert.deepEqual(keysOf(await other.held.take(now + 100, now + 200, 10)), ['b'])
      const change = { passed: ['content'], nextAt: now + 50, failed: true }
      await catalog.held.postpone(first.heldId, change)
      const [again] = await other.held.take(now + 50, now + 300, 10)
      assert.deepEqual(
        [again?.heldId, again?.passed, again?.attempts],
        [first.heldId, ['content'], 1],
      )
      await other.held.giveBack(now)
      assert.deepEqual(keysOf(await other.held.take(now, now + 300, 10)).toSorted(), ['a', 'b'])
      await catalog.held.admit(first.heldId, NOW)
      const [next] = await other.held.take(now, now + 300, 10)
      assert.equal(next?.heldId, second.heldId)
      assert.deepEqual(await catalog.held.tally(), { waiting: 2, oldestAt: second.modifiedAt })
    },
  )

  check('what waits is overtaken by who writes, moves or deletes the name', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const drafts = [draftOf('a'), draftOf('a'), draftOf('b')]
    const held: HeldRecord[] = []
    for (const draft of drafts) held.push(await hold(catalog, draft))
    const stored = await store(catalog, draftOf('a'))
    await remove(other, 'b')
    const codes = await Promise.all(
      held.map(async ({ heldId }) => (await other.held.find(heldId))?.code),
    )
    assert.deepEqual(codes, ['upload-overtaken', 'upload-overtaken', 'upload-overtaken'])
    assert.deepEqual((await sweepable(other)).toSorted(), drafts.map(contentIdOf).toSorted())
    assert.equal((await other.files.find(at('a')))?.content.contentId, stored.content.contentId)
  })

  check('conditions hold when it came and when it is admitted', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const only = await hold(catalog, draftOf('a'), { ifAbsent: true })
    const late = await commit(other, draftOf('a'), { ...HOLDER, ifAbsent: true })
    assert.equal(late.outcome, 'condition-failed')
    assert.equal(
      (await commit(other, draftOf('a'), { ifAbsent: true })).outcome,
      'condition-failed',
    )
    assert.equal((await catalog.held.admit(only.heldId, NOW)).outcome, 'admitted')

    const current = await catalog.files.find(at('a'))
    const change = await hold(catalog, draftOf('a'), { ifEtag: current?.etag ?? '' })
    const free = await hold(catalog, draftOf('a'))
    assert.equal((await other.held.admit(free.heldId, NOW)).outcome, 'admitted')
    assert.equal((await other.held.admit(change.heldId, NOW)).outcome, 'condition-failed')
    assert.equal((await other.held.find(change.heldId))?.state, 'waiting')
  })

  check('a link replaces what it stored itself, when it is admitted too', async (fixture) => {
    const { catalog } = fixture
    await createBuckets(catalog, 'acme')
    const grant = grantOf('link_a', { method: 'PUT', key: 'a', maxUses: 3, ownContentId: '' })
    assert.equal(await catalog.grants.insert([grant], await catalog.keys.epoch()), true)
    const useGrant = { id: 'link_a', terms: {}, admittedAtMs: 100, clientIp: '::1' }
    const by = { keyId: 'key_a', linkId: 'link_a', address: '::1', agent: null }
    const own = { ifOwn: true, useGrant, by }
    const first = await hold(catalog, draftOf('a'), own)
    const second = await hold(catalog, draftOf('a'), own)
    assert.equal((await catalog.held.admit(first.heldId, NOW)).outcome, 'admitted')
    assert.equal((await catalog.held.admit(second.heldId, NOW)).outcome, 'admitted')
    const third = await hold(catalog, draftOf('a'), own)
    await store(catalog, draftOf('a'))
    assert.equal((await catalog.held.find(third.heldId))?.code, 'upload-overtaken')
    assert.equal((await catalog.grants.find('link_a'))?.uses, 3)
  })

  check('a move waits too, and the file is where it was until then', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const draft = draftOf('from')
    const file = await store(catalog, draft)
    const moving = await move(catalog, file, { key: 'in/to' }, HOLDER)
    assert.ok(moving.outcome === 'moved' && moving.held !== undefined)
    assert.equal(await other.files.find(at('in/to')), null)
    assert.equal((await other.files.find(at('from')))?.id, file.id)
    const admitted = await other.held.admit(moving.held.heldId, NOW)
    assert.equal(admitted.outcome, 'admitted')
    assert.equal((await catalog.files.find(at('in/to')))?.id, file.id)
    assert.equal(await catalog.files.find(at('from')), null)
    assert.deepEqual(await sweepable(catalog), [])

    const back = await store(catalog, draftOf('from'))
    const again = await move(catalog, back, { key: 'in/two' }, HOLDER)
    assert.ok(again.outcome === 'moved' && again.held !== undefined)
    const replaced = await store(catalog, draftOf('from'))
    assert.equal((await catalog.held.admit(again.held.heldId, NOW)).outcome, 'file-missing')
    assert.equal(await catalog.held.reject(again.held.heldId, REFUSED), true)
    assert.equal((await catalog.files.find(at('from')))?.id, replaced.id)
    assert.deepEqual(await sweepable(catalog), [back.content.contentId])
  })

  check(
    'where versions are kept the one admitted has the id that was promised',
    async (fixture) => {
      const { catalog } = fixture
      await createBucket(catalog, 'enabled')
      const before = await store(catalog, draftOf('a'))
      const draft = draftOf('a')
      const outcome = await commit(catalog, draft, HOLDER)
      assert.ok(outcome.outcome === 'committed' && outcome.held !== undefined)
      assert.equal(outcome.file.versionId, draft.version.newVersionId)
      await catalog.held.admit(outcome.held.heldId, NOW)
      assert.equal((await catalog.files.find(at('a')))?.versionId, draft.version.newVersionId)
      const behind = await catalog.files.findVersion(at('a'), before.versionId)
      assert.equal(behind?.isDeleteMarker, false)
    },
  )

  check('what waits counts in the quota of its folder, and keeps its bucket', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const before = await hold(catalog, draftOf('in/before', { size: 10 }, blobOf('b1', 10)))
    const policy = { maxTotalBytes: 25 }
    const folder = { path: 'acme/in/', visibility: null, policy, updatedAt: 1 }
    await catalog.folders.put(folder, BECAUSE, null)
    const quotas = [{ path: 'acme/in/', maxBytes: 25, maxFiles: null }]
    await hold(catalog, draftOf('in/a', { size: 10 }, blobOf('b2', 10)), { quotas })
    const full = await commit(other, draftOf('in/b', { size: 10 }, blobOf('b3', 10)), {
      ...HOLDER,
      quotas,
    })
    assert.equal(full.outcome, 'over-quota')
    assert.deepEqual(await other.folders.usage('acme/in/'), { bytes: 20, files: 2 })
    await other.held.admit(before.heldId, { quotas, nowMs: 1 })
    assert.deepEqual(await other.folders.usage('acme/in/'), { bytes: 20, files: 2 })
    await remove(catalog, 'in/before')
    await remove(catalog, 'in/a')
    assert.deepEqual(await other.folders.usage('acme/in/'), { bytes: 0, files: 0 })
    const last = await hold(catalog, draftOf('in/c'))
    assert.equal(await catalog.buckets.remove('acme', null), 'not-empty')
    await catalog.held.reject(last.heldId, REFUSED)
    assert.equal(await catalog.buckets.remove('acme', null), 'removed')
  })

  check('a list is narrowed to a key, a place and a state', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme', 'beta')
    const one = await hold(catalog, draftOf('in/a'))
    await hold(catalog, draftOf('in/b'), { holder: 'key_b' })
    await hold(catalog, draftOf('c', { bucket: 'beta' }))
    await catalog.held.reject(one.heldId, REFUSED)
    const list = async (more: object): Promise<string[]> => {
      const query = { holder: null, within: null, state: null, before: null, limit: 10, ...more }
      return keysOf((await other.held.list(query)).map(({ held }) => held))
    }
    assert.deepEqual(await list({}), ['c', 'in/b', 'in/a'])
    assert.deepEqual(await list({ holder: 'key_a' }), ['c', 'in/a'])
    assert.deepEqual(await list({ within: at('in/') }), ['in/b', 'in/a'])
    assert.deepEqual(await list({ within: at('', 'beta') }), ['c'])
    assert.deepEqual(await list({ state: 'rejected' }), ['in/a'])
    const [newest] = await other.held.list({
      holder: null,
      within: null,
      state: null,
      before: null,
      limit: 1,
    })
    assert.deepEqual(await list({ before: newest?.position }), ['in/b', 'in/a'])
  })
}
