/** What the catalog promises of events: changes cannot be missing, uses come in batches, lists cost a page. */
import assert from 'node:assert/strict'
import type { Catalog, ChangeRights } from '../../src/catalog/catalog.ts'
import type { Actor, EventKind, ListEventsQuery } from '../../src/catalog/event-steps.ts'
import { commit, createBuckets, draftOf, grantOf, move, remove, store } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'
import { askEvents, useOf } from '../support/events.ts'

const ACTOR: Actor = { keyId: 'key_a', linkId: null, address: '203.0.113.9', agent: 'curl/8' }
const BECAUSE = { changedAt: 7, changedBy: 'key_a', reason: 'asked for' }

async function kindsOf(
  catalog: Catalog,
  more: Partial<ListEventsQuery> = {},
): Promise<EventKind[]> {
  const { events } = await catalog.events.list(askEvents(more))
  return events.map(({ event }) => event.kind)
}

async function rightsOf(catalog: Catalog): Promise<ChangeRights> {
  return { epoch: await catalog.keys.epoch(), keyId: null, by: ACTOR }
}

export function catalogEventsSuite(check: CheckCatalog): void {
  check('a change and its entry are one step, with who did it and from where', async (fixture) => {
    const { catalog, other, setNow } = fixture
    setNow(5000)
    await createBuckets(catalog, 'acme')
    const epoch = await catalog.keys.epoch()
    await catalog.grants.insert([grantOf('link_1'), grantOf('link_2')], epoch, { by: ACTOR })
    const bounds = { from: grantOf('link_1'), to: { expiresAt: 9000, maxUses: 2, terms: {} } }
    const rights = await rightsOf(catalog)
    await catalog.grants.rebind('link_1', bounds, rights)
    await catalog.grants.revoke('link_1', { nowMs: 6000, stub: null }, rights)
    const folder = { path: 'acme/in/', visibility: 'public', policy: { maxBytes: 9 } } as const
    await catalog.folders.put({ ...folder, updatedAt: 7 }, BECAUSE, await rightsOf(catalog))
    const { events } = await other.events.list(askEvents())
    const told = events.map(({ event }) => [event.kind, event.linkId, event.path, event.keyId])
    assert.deepEqual(told, [
      ['folder.changed', null, 'acme/in/', 'key_a'],
      ['link.revoked', 'link_1', 'acme/a.txt', 'key_a'],
      ['link.narrowed', 'link_1', 'acme/a.txt', 'key_a'],
      ['link.issued', 'link_2', 'acme/a.txt', 'key_a'],
      ['link.issued', 'link_1', 'acme/a.txt', 'key_a'],
      ['bucket.created', null, 'acme/', null],
    ])
    const { id, ...newest } = events[0]?.event ?? { id: '' }
    assert.match(id, /^evt_[0-9A-Za-z]{30}$/)
    assert.deepEqual(newest, {
      at: 5000,
      kind: 'folder.changed',
      code: null,
      linkId: null,
      keyId: 'key_a',
      path: 'acme/in/',
      target: null,
      address: '203.0.113.9',
      agent: 'curl/8',
      referrer: null,
      bytes: 0,
      count: 1,
      detail: { visibility: 'public', policy: { maxBytes: 9 }, reason: 'asked for' },
    })
  })

  check('what did not happen leaves no entry', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const epoch = await catalog.keys.epoch()
    const late = { epoch: epoch + 1, keyId: null, by: ACTOR }
    assert.equal(await catalog.grants.insert([grantOf('link_1')], epoch + 1, { by: ACTOR }), false)
    const stop = { nowMs: 5, stub: null }
    assert.equal(await catalog.grants.revoke('nothing', stop, await rightsOf(catalog)), false)
    assert.equal(await catalog.folders.remove('acme/in/', BECAUSE, await rightsOf(catalog)), false)
    const removed = await catalog.keys.removeRevocation('file:acme/a', await rightsOf(catalog))
    assert.equal(removed, false)
    const rule = { scope: '', notBefore: 5, forgetAt: 9 }
    assert.equal(await catalog.keys.revokeBefore(rule, late), 'epoch-changed')
    await commit(catalog, draftOf('a.txt'), { ifEtag: 'another', by: ACTOR })
    await remove(catalog, 'nothing', { by: ACTOR })
    assert.deepEqual(await kindsOf(catalog), ['bucket.created'])
  })

  check('files say when they come, go and change their name', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const file = await store(catalog, draftOf('a.txt', { size: 7 }))
    await move(catalog, file, { key: 'b.txt' }, { by: { ...ACTOR, linkId: 'link_9' } })
    await remove(catalog, 'b.txt', { by: ACTOR })
    const { events } = await catalog.events.list(askEvents())
    const told = events.map(({ event }) => [event.kind, event.path, event.target, event.linkId])
    assert.deepEqual(told, [
      ['file.deleted', 'acme/b.txt', null, null],
      ['file.moved', 'acme/a.txt', 'acme/b.txt', 'link_9'],
      ['file.created', 'acme/a.txt', null, null],
      ['bucket.created', 'acme/', null, null],
    ])
    assert.equal(events[2]?.event.bytes, 7)
    assert.ok(
      events.every(
        ({ event }) => event.detail['fileId'] !== undefined || event.kind === 'bucket.created',
      ),
    )
  })

  check('uses are found by link, path, key, code, kind, folder and time', async ({ catalog }) => {
    await catalog.events.append([
      useOf({ at: 100_000 }),
      useOf({ at: 200_000, linkId: 'link_2', path: 'acme/in/b.txt', count: 3 }),
      useOf({ at: 300_000, kind: 'request.refused', code: 'link-revoked', linkId: 'link_2' }),
      useOf({ at: 400_000, kind: 'key.used', linkId: null, keyId: 'key_b', path: '' }),
    ])
    const find = async (more: Partial<ListEventsQuery>): Promise<number[]> =>
      (await catalog.events.list(askEvents(more))).events.map(({ event }) => event.at / 100_000)
    assert.deepEqual(await find({}), [4, 3, 2, 1])
    assert.deepEqual(await find({ linkId: 'link_2' }), [3, 2])
    assert.deepEqual(await find({ linkId: 'link_2', kind: 'link.used' }), [2])
    assert.deepEqual(await find({ path: 'acme/a.txt' }), [3, 1])
    assert.deepEqual(await find({ keyId: 'key_b' }), [4])
    assert.deepEqual(await find({ code: 'link-revoked' }), [3])
    assert.deepEqual(await find({ pathPrefix: 'acme/in/' }), [2])
    assert.deepEqual(await find({ pathPrefix: 'acme/' }), [3, 2, 1])
    assert.deepEqual(await find({ sinceMs: 200_000 }), [4, 3, 2])
    assert.deepEqual(await find({ linkId: 'link_3' }), [])
  })

  check(
    'what a key did and what was done to it are found together, once each',
    async ({ catalog }) => {
      const rights = await rightsOf(catalog)
      const rule = { notBefore: 5, forgetAt: 9 }
      await catalog.keys.revokeBefore({ scope: 'key:key_b', ...rule }, { ...rights, by: ACTOR })
      await catalog.events.append([useOf({ keyId: 'key_b', kind: 'file.read' })])
      const by = { ...ACTOR, keyId: 'key_b' }
      const own = { epoch: await catalog.keys.epoch(), keyId: null, by }
      await catalog.keys.revokeBefore({ scope: 'key:key_b', ...rule }, own)
      const kinds = await kindsOf(catalog, { keyId: 'key_b' })
      assert.deepEqual(kinds, ['links.swept', 'file.read', 'links.swept'])
    },
  )

  check(
    'pages follow each other without a gap, and a long search ends in an empty one',
    async (fixture) => {
      const { catalog } = fixture
      const many = Array.from({ length: 2500 }, (_, index) =>
        useOf({ path: index === 0 ? 'acme/needle' : `other/${index}`, linkId: null }),
      )
      await catalog.events.append(many)
      const first = await catalog.events.list(askEvents({ limit: 2 }))
      const second = await catalog.events.list(askEvents({ limit: 2, before: first.nextBefore }))
      const paths = [...first.events, ...second.events].map(({ event }) => event.path)
      assert.deepEqual(paths, ['other/2499', 'other/2498', 'other/2497', 'other/2496'])
      const empty = await catalog.events.list(askEvents({ pathPrefix: 'acme/' }))
      assert.deepEqual(empty.events, [])
      const found = await catalog.events.list(
        askEvents({ pathPrefix: 'acme/', before: empty.nextBefore }),
      )
      assert.deepEqual(
        found.events.map(({ event }) => event.path),
        ['acme/needle'],
      )
      assert.equal(found.nextBefore, null)
    },
  )

  check('whoever follows gets each event once, from both processes', async ({ catalog, other }) => {
    const begin = await catalog.events.last()
    await catalog.events.append([useOf({ path: 'a' })])
    await other.events.append([useOf({ path: 'b' }), useOf({ path: 'c' })])
    const first = await other.events.after(begin, 2)
    const rest = await catalog.events.after(first.at(-1)?.position ?? 0, 2)
    const paths = [...first, ...rest].map(({ event }) => event.path)
    assert.deepEqual(paths, ['a', 'b', 'c'])
    assert.equal(await catalog.events.last(), rest.at(-1)?.position)
  })

  check('old uses go, and too many; changes go by their age alone', async ({ catalog, setNow }) => {
    setNow(1000)
    await createBuckets(catalog, 'acme')
    await catalog.events.append([1, 2, 3, 4].map((at) => useOf({ at: at * 1000 })))
    // Nothing goes that a reader has not had.
    const all = { usesBeforeMs: 9000, changesBeforeMs: 9000, maxEvents: 1, limit: 10 }
    assert.equal(await catalog.events.trim(all), 0)
    await catalog.webhooks.spread(() => [], { limit: 10, maxWaiting: 10 })
    assert.equal(await catalog.events.trim(all), 0)
    await catalog.alerts.raiseWatched([], { from: 0, upTo: await catalog.events.last() })
    const keep = { usesBeforeMs: 0, changesBeforeMs: 0, maxEvents: 1000, limit: 10 }
    assert.equal(await catalog.events.trim({ ...keep, usesBeforeMs: 3000, limit: 1 }), 1)
    assert.equal(await catalog.events.trim({ ...keep, usesBeforeMs: 3000 }), 1)
    assert.equal(await catalog.events.trim({ ...keep, maxEvents: 1 }), 1)
    assert.deepEqual(await kindsOf(catalog), ['link.used', 'bucket.created'])
    assert.equal(await catalog.events.trim({ ...keep, changesBeforeMs: 1001 }), 1)
    assert.deepEqual(await kindsOf(catalog), ['link.used'])
  })
}
