/** What the catalog promises of the records behind links. */
import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import type { Catalog, GrantStatus, ListGrantsQuery } from '../../src/catalog/catalog.ts'
import type { ReadingAsk } from '../../src/catalog/decisions/decide-reading.ts'
import type { GrantRecord } from '../../src/catalog/records.ts'
import { rejectsWith } from './blob-store-suite.ts'
import {
  askFor,
  at,
  beginsReading,
  createBuckets,
  draftOf,
  grantOf,
  insertGrants,
  move,
  remove,
  store,
} from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

async function idsOf(catalog: Catalog, query: Partial<ListGrantsQuery>): Promise<string[]> {
  const all = { pathPrefix: '', before: null, limit: 100, createdBy: null, status: null }
  return (await catalog.grants.list({ ...all, nowMs: 500, ...query })).map(({ id }) => id)
}

export function catalogGrantsSuite(check: CheckCatalog): void {
  check('a grant comes back field for field', async ({ catalog, other }) => {
    const grant = grantOf('g', {
      method: 'PUT',
      key: 'dir/a "b".txt',
      fileId: 'file1',
      maxUses: 3,
      terms: {
        reason: 'for the auditors',
        maxBytes: 1024,
        contentTypes: ['image/*', 'text/plain'],
        mayOverwrite: true,
        networks: ['10.0.0.0/8', '2001:db8::/32'],
      },
    })
    await insertGrants(catalog, grant)
    assert.deepEqual(await other.grants.find('g'), grant)
    assert.equal(await catalog.grants.find('h'), null)
    await rejectsWith('conflict', insertGrants(catalog, grantOf('h'), grant))
    assert.equal(await catalog.grants.find('h'), null)
  })

  check('what bounds a grant changes only from what it is', async ({ catalog, other }) => {
    const from = {
      expiresAt: 10_000,
      maxUses: null,
      terms: { label: 'ü', maxBytes: 5 },
      share: null,
    }
    await insertGrants(catalog, grantOf('g', from))
    const to = { expiresAt: 900, maxUses: 2, terms: { networks: ['10.0.0.0/8'] }, share: null }
    assert.equal(
      await catalog.grants.rebind('g', { from: { ...from, terms: {} }, to }, null),
      false,
    )
    assert.equal(
      await catalog.grants.rebind('g', { from: { ...from, maxUses: 1 }, to }, null),
      false,
    )
    assert.equal(await catalog.grants.rebind('nope', { from, to }, null), false)
    assert.deepEqual(await other.grants.find('g'), grantOf('g', from))
    assert.equal(await catalog.grants.rebind('g', { from, to }, null), true)
    assert.deepEqual(await other.grants.find('g'), grantOf('g', to))
    assert.equal(await beginsReading(catalog, 'g', { admittedAtMs: 900 }), false)
    assert.equal(await beginsReading(catalog, 'g'), true)
    assert.equal(
      await catalog.grants.rebind('g', { from: to, to: { ...to, maxUses: 1 } }, null),
      true,
    )
    assert.deepEqual(await idsOf(catalog, { status: 'used-up' }), ['g'])
    assert.deepEqual(await idsOf(catalog, { status: 'active' }), [])
    assert.equal(await beginsReading(catalog, 'g'), false)
  })

  check('shares are listed by themselves, whatever becomes of them', async ({ catalog, other }) => {
    const share = { kind: 'folder', owner: 'ü' } as const
    const folder = grantOf('folder', { share, key: 'x/' })
    await insertGrants(catalog, grantOf('link'), grantOf('file', { share }), folder)
    const list = (query: Parameters<typeof idsOf>[1]) => idsOf(other, { ...query, isShare: true })
    assert.deepEqual(await list({}), ['folder', 'file'])
    assert.deepEqual(await list({ pathPrefix: 'acme/x/' }), ['folder'])
    assert.deepEqual(await list({ createdBy: 'nobody' }), [])
    assert.deepEqual(await idsOf(other, {}), ['folder', 'file', 'link'])
    const to = { ...folder, share: { kind: 'folder', greeting: 'hi' }, ownContentId: null } as const
    assert.equal(
      await catalog.grants.rebind('folder', { from: grantOf('folder'), to }, null),
      false,
    )
    assert.equal(await catalog.grants.rebind('folder', { from: folder, to }, null), true)
    assert.deepEqual((await other.grants.find('folder'))?.share, { kind: 'folder', greeting: 'hi' })
    await catalog.grants.revoke('file', { nowMs: 600, stub: null }, null)
    assert.deepEqual(await list({ status: 'active' }), ['folder'])
    assert.deepEqual(await list({ status: 'revoked' }), ['file'])
    await catalog.grants.expire(20_000, 10)
    assert.deepEqual(await list({ status: 'expired', nowMs: 20_000 }), ['folder'])
  })

  check('of 64 racers on a one-use grant exactly one gets through', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('g', { maxUses: 1 }))
    const uses = await Promise.all(
      Array.from({ length: 64 }, (_, racer) =>
        beginsReading(racer % 2 === 0 ? catalog : other, 'g', {
          answerId: `p.${racer}`,
          clientIp: `10.0.0.${racer}`,
        }),
      ),
    )
    assert.equal(uses.filter(Boolean).length, 1)
    assert.equal((await catalog.grants.find('g'))?.uses, 1)
  })

  check('a grant is good for its uses, in its time, unrevoked', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('many'), grantOf('three', { maxUses: 3 }))
    for (let count = 1; count <= 4; count += 1) {
      assert.equal(await beginsReading(catalog, 'many'), true)
      assert.equal(await beginsReading(catalog, 'three'), count <= 3)
    }
    assert.equal(await beginsReading(catalog, 'many', { admittedAtMs: 9_999 }), true)
    assert.equal(await beginsReading(catalog, 'many', { admittedAtMs: 10_000 }), false)
    assert.equal(await other.grants.revoke('many', { nowMs: 600, stub: null }, null), true)
    assert.equal(await other.grants.revoke('many', { nowMs: 700, stub: null }, null), false)
    assert.equal(await other.grants.revoke('nope', { nowMs: 700, stub: null }, null), false)
    assert.equal(await beginsReading(catalog, 'many'), false)
    assert.equal(await beginsReading(catalog, 'nope'), false)
    const grant = await catalog.grants.find('many')
    assert.deepEqual([grant?.uses, grant?.revokedAt, grant?.lastUsedIp], [5, 600, '::1'])
    assert.equal(grant?.revokedBy, 'link')
  })

  check('nothing becomes of a link under rights that have ended', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('g'), grantOf('paused'))
    const stop = { nowMs: 600, stub: null }
    await catalog.grants.pause('paused', stop, null)
    const late = { epoch: 99, keyId: 'key_gone' }
    const from = grantOf('g')
    const bounds = { from, to: { ...from, expiresAt: 1, ownContentId: null } }
    assert.equal(await catalog.grants.rebind('g', bounds, late), 'epoch-changed')
    assert.equal(await catalog.grants.revoke('g', stop, late), 'epoch-changed')
    assert.equal(await catalog.grants.pause('g', stop, late), 'epoch-changed')
    assert.equal(await catalog.grants.resume('paused', late), 'epoch-changed')
    assert.deepEqual(await other.grants.find('g'), grantOf('g'))
    assert.equal((await other.grants.find('paused'))?.pausedAt, 600)
  })

  check('revoking a link without a record makes one', async ({ catalog, other }) => {
    assert.equal(
      await catalog.grants.revoke('auto', { nowMs: 600, stub: grantOf('auto') }, null),
      true,
    )
    const record = grantOf('auto', { revokedAt: 600, revokedBy: 'link' })
    assert.deepEqual(await other.grants.find('auto'), record)
    assert.equal(
      await catalog.grants.revoke('auto', { nowMs: 700, stub: grantOf('auto') }, null),
      false,
    )
    assert.deepEqual(await idsOf(catalog, { status: 'revoked' }), ['auto'])
  })

  check('a use that broke off goes on by one, from where it was', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('g', { maxUses: 1 }))
    const begin = (from: Catalog, answerId: string, more: Partial<ReadingAsk> = {}) =>
      from.grants.beginReading(askFor('g', { admittedAtMs: 800, answerId, ...more }))
    assert.equal((await begin(catalog, 'p1.a', { admittedAtMs: 500 })).outcome, 'begun')
    assert.deepEqual(await begin(other, 'p2.b'), { outcome: 'under-way', answerId: 'p1.a' })
    assert.equal((await catalog.grants.find('g'))?.reading?.answer?.isClaimed, true)
    await other.grants.denyClaim('g', 'p1.a')
    assert.equal((await catalog.grants.find('g'))?.reading?.answer?.isClaimed, false)
    const broken = { sentBytes: 4, arrived: false, endedAt: 700 }
    await other.grants.endReading('g', 'p1.other', broken)
    assert.notEqual((await catalog.grants.find('g'))?.reading?.answer, null)
    await catalog.grants.endReading('g', 'p1.a', broken)
    assert.equal((await begin(catalog, 'p1.c', { clientIp: '::2' })).outcome, 'used-up')
    assert.equal((await begin(catalog, 'p1.c', { touchedAfterMs: 700 })).outcome, 'used-up')
    const outcomes = await Promise.all([
      begin(catalog, 'p1.c'),
      begin(other, 'p2.d'),
      begin(catalog, 'p1.e'),
    ])
    const begun = outcomes.filter(({ outcome }) => outcome === 'begun')
    assert.deepEqual(begun, [{ outcome: 'begun', beganAt: 500, asksForLast: true }])
    const arrived = { sentBytes: 10, arrived: true, endedAt: 700 }
    for (const id of ['p1.c', 'p2.d', 'p1.e']) await other.grants.endReading('g', id, arrived)
    await catalog.grants.endReading('g', 'p1.a', broken)
    const grant = await catalog.grants.find('g')
    assert.deepEqual([grant?.reading, grant?.uses], [null, 1])
    assert.equal((await begin(catalog, 'p1.f')).outcome, 'used-up')
  })

  check(
    'what a process that is gone left under way broke off, unless its last byte may be out',
    async (f) => {
      const { catalog, other } = f
      const ids = ['ahead', 'last', 'at once', 'elsewhere', 'over'] as const
      for (const id of ids) {
        await insertGrants(catalog, grantOf(id, { maxUses: 1 }))
        const answerId = id === 'elsewhere' ? 'p2.a' : 'p1.a'
        assert.equal(
          await beginsReading(catalog, id, { answerId, isAtOnce: id === 'at once' }),
          true,
        )
      }
      assert.equal(await catalog.grants.sendLast('last', 'p1.a'), true)
      await catalog.grants.endReading('over', 'p1.a', {
        sentBytes: 0,
        arrived: false,
        endedAt: 700,
      })
      assert.equal(await other.grants.abandonReadings('p1', 700), 3)
      const isUsable = (id: string) => beginsReading(catalog, id, { answerId: 'p3.a' })
      assert.deepEqual(await Promise.all(ids.map(isUsable)), [true, false, false, false, true])
      assert.equal(await other.grants.abandonReadings(null, 700), 3)
      assert.equal(await isUsable('elsewhere'), true)
    },
  )

  check(
    'a process that was taken for lost and lives sends no last byte of a use that others go on with',
    async ({ catalog, other }) => {
      for (const [id, maxUses] of [
        ['one', 1],
        ['some', 3],
      ] as const) {
        await insertGrants(catalog, grantOf(id, { maxUses }))
        await catalog.grants.beginReading(askFor(id, { admittedAtMs: 500, answerId: 'p1.a' }))
        await other.grants.abandonReadings('p1', 700)
        await other.grants.beginReading(askFor(id, { admittedAtMs: 800, answerId: 'p2.b' }))
        assert.equal(await catalog.grants.sendLast(id, 'p1.a'), false)
        assert.equal(await other.grants.sendLast(id, 'p2.b'), true)
        assert.equal((await catalog.grants.find(id))?.uses, 1)
      }
    },
  )

  check(
    'a process that was taken for lost and lives sends no last byte of a use that others have ended',
    async ({ catalog, other }) => {
      await insertGrants(catalog, grantOf('g', { maxUses: 4 }))
      const end = { sentBytes: 10, arrived: true, endedAt: 900 }
      const isKept = async (): Promise<boolean> => !(await catalog.grants.sendLast('g', 'p1.a'))
      await beginsReading(catalog, 'g', { answerId: 'p1.a' })
      await other.grants.abandonReadings('p1', 700)
      await beginsReading(other, 'g', { answerId: 'p2.b' })
      await other.grants.endReading('g', 'p2.b', end)
      assert.equal(await isKept(), true, 'whoever waited has all of it')
      await beginsReading(other, 'g', { answerId: 'p2.c' })
      assert.equal(await isKept(), true, 'another use has begun')
      await beginsReading(other, 'g', { answerId: 'p2.d' })
      await other.grants.endReading('g', 'p2.d', end)
      assert.equal(await isKept(), true, 'and another, which is over')
      assert.equal(await other.grants.sendLast('g', 'p2.c'), true)
      assert.equal((await catalog.grants.find('g'))?.uses, 3)
      const rest = { answerId: 'p2.e', piece: [5, 9] } as const
      assert.equal(await beginsReading(other, 'g', rest), true)
      assert.equal((await catalog.grants.find('g'))?.uses, 4, 'nobody goes on with what is over')
    },
  )

  check('an answer of an earlier use ends without the record', async ({ catalog }) => {
    await insertGrants(catalog, grantOf('g', { maxUses: 2 }))
    for (const [answerId, admittedAtMs] of [
      ['p1.a', 500],
      ['p1.b', 600],
    ] as const) {
      await catalog.grants.beginReading(askFor('g', { admittedAtMs, answerId }))
    }
    assert.equal(await catalog.grants.sendLast('g', 'p1.a'), true)
  })

  check('uses that begin in one millisecond are not taken for one another', async ({ catalog }) => {
    await insertGrants(catalog, grantOf('g', { maxUses: 3 }))
    const ids = ['p1.a', 'p1.b', 'p1.c']
    for (const answerId of ids) assert.equal(await beginsReading(catalog, 'g', { answerId }), true)
    for (const id of ids) assert.equal(await catalog.grants.sendLast('g', id), true)
  })

  check('the last byte stays behind once its grant is revoked', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('g', { maxUses: 1 }))
    await beginsReading(catalog, 'g')
    await other.grants.revoke('g', { nowMs: 600, stub: null }, null)
    assert.equal(await catalog.grants.sendLast('g', 'p1.a'), false)
    assert.equal(await beginsReading(catalog, 'g', { answerId: 'p1.b' }), false)
  })

  check('what was counted in memory is added', async ({ catalog, other }) => {
    await insertGrants(catalog, grantOf('g'))
    const tally = { id: 'g', uses: 2, bytes: 10, lastUsedAt: 700, lastUsedIp: '10.0.0.1' }
    await catalog.grants.count([tally, { ...tally, id: 'gone' }])
    await other.grants.count([{ ...tally, bytes: 5, lastUsedAt: 600, lastUsedIp: '10.0.0.2' }])
    const { uses, bytes, lastUsedAt, lastUsedIp } = (await catalog.grants.find('g')) ?? grantOf('')
    assert.deepEqual([uses, bytes, lastUsedAt, lastUsedIp], [4, 15, 700, '10.0.0.1'])
  })

  check('a delete ends the links of its path alone', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await store(catalog, draftOf('a'))
    await insertGrants(
      catalog,
      grantOf('get', { key: 'a' }),
      grantOf('put', { key: 'a', method: 'PUT', createdBy: 'key2' }),
      grantOf('spent', { key: 'a', maxUses: 1, uses: 1 }),
      grantOf('other', { key: 'ab' }),
    )
    await remove(catalog, 'nothing', { nowMs: 1 })
    await remove(catalog, 'a', { nowMs: 600 })
    assert.deepEqual((await idsOf(catalog, { status: 'revoked' })).toSorted(), ['get', 'put'])
    assert.deepEqual(await idsOf(catalog, { status: 'active' }), ['other'])
    const ended = await catalog.grants.find('put')
    assert.deepEqual([ended?.revokedAt, ended?.revokedBy], [600, 'delete'])
    await remove(catalog, 'a', { nowMs: 700 })
    assert.equal((await catalog.grants.find('get'))?.revokedAt, 600)
  })

  check(
    'a move ends the links of the name that is left, and those of the name it comes to',
    async (f) => {
      const { catalog } = f
      await createBuckets(catalog, 'acme')
      const file = await store(catalog, draftOf('a'))
      await store(catalog, draftOf('b'))
      await insertGrants(
        catalog,
        grantOf('get a', { key: 'a' }),
        grantOf('put a', { key: 'a', method: 'PUT' }),
        grantOf('get b', { key: 'b' }),
        grantOf('put b', { key: 'b', method: 'PUT' }),
      )
      await move(catalog, file, { key: 'b' })
      assert.deepEqual(await idsOf(catalog, { status: 'revoked' }), [])
      await move(catalog, file, { key: 'b', overwrite: true })
      assert.deepEqual((await idsOf(catalog, { status: 'revoked' })).toSorted(), [
        'get a',
        'get b',
        'put a',
        'put b',
      ])
      assert.equal((await catalog.grants.find('get a'))?.revokedBy, 'move')
      await insertGrants(catalog, grantOf('put c', { key: 'c', method: 'PUT' }))
      await move(catalog, { ...file, key: 'b' }, { key: 'c' })
      assert.equal((await catalog.grants.find('put c'))?.revokedBy, 'move')
    },
  )

  check(
    'a used-up link whose last use may go on ends with its file; one that is done stays used up',
    async (f) => {
      const { catalog } = f
      await createBuckets(catalog, 'acme')
      const file = await store(catalog, draftOf('a'))
      const once = { key: 'a', maxUses: 1 }
      for (const by of ['move', 'delete'] as const) {
        const names = [`${by} broken`, `${by} under way`, `${by} done`, `${by} lost, then done`]
        await insertGrants(catalog, ...names.map((id) => grantOf(id, once)))
        const lost = { answerId: 'p0.a' }
        for (const id of names) await beginsReading(catalog, id, id.includes('lost') ? lost : {})
        await catalog.grants.abandonReadings('p0', 700)
        await beginsReading(catalog, `${by} lost, then done`)
        await catalog.grants.endReading(`${by} broken`, 'p1.a', {
          sentBytes: 3,
          arrived: false,
          endedAt: 700,
        })
        for (const done of names.slice(2)) {
          const arrived = { sentBytes: 10, arrived: true, endedAt: 700 }
          await catalog.grants.endReading(done, 'p1.a', arrived)
        }
        if (by === 'delete') await remove(catalog, 'a')
        else {
          await move(catalog, file, { key: 'b' })
          await store(catalog, draftOf('a'))
        }
        const ended = await Promise.all(names.map((id) => catalog.grants.find(id)))
        assert.deepEqual(
          ended.map((grant) => grant?.revokedBy),
          [by, by, null, null],
        )
        assert.equal(await beginsReading(catalog, `${by} broken`, { answerId: 'p1.b' }), false)
        const usedUp = await idsOf(catalog, { status: 'used-up' })
        assert.deepEqual(usedUp.filter((id) => id.startsWith(by)).toSorted(), names.slice(2))
      }
    },
  )

  check('a delete ends what began in time on a link that has been filed as expired', async (f) => {
    const { catalog } = f
    await createBuckets(catalog, 'acme')
    const late = { key: 'a', method: 'PUT', expiresAt: 400 } as const
    await store(catalog, draftOf('a'))
    await insertGrants(catalog, grantOf('late', late), grantOf('kept', { ...late, key: 'b' }))
    assert.equal(await catalog.grants.expire(500, 10), 2)
    await remove(catalog, 'a', { nowMs: 600 })
    const inTime = { admittedAtMs: 300 }
    assert.equal(await beginsReading(catalog, 'late', inTime), false)
    assert.equal(await beginsReading(catalog, 'kept', inTime), true)
    assert.deepEqual(await idsOf(catalog, { status: 'revoked' }), ['late'])
    assert.deepEqual(await idsOf(catalog, { status: 'expired', nowMs: 700 }), ['kept'])
  })

  check('one key has no more links alive than it may, whatever makes them at once', async (f) => {
    const { catalog, other } = f
    const epoch = await catalog.keys.epoch()
    const make = (by: Catalog, ids: readonly string[], createdBy = 'key1') =>
      by.grants.insert(
        ids.map((id) => grantOf(id, { createdBy, expiresAt: id === 'g0' ? 400 : 10_000 })),
        epoch,
        { maxLive: 5 },
      )
    const asked = Array.from({ length: 8 }, (_, at) =>
      make(at % 2 === 0 ? catalog : other, [`g${at}`]),
    )
    const outcomes = await Promise.all(asked)
    assert.equal(outcomes.filter((outcome) => outcome === true).length, 5)
    assert.equal(outcomes.filter((outcome) => outcome === 'too-many').length, 3)
    const made = outcomes.flatMap((outcome, at) => (outcome === true ? [`g${at}`] : []))
    assert.equal(await make(other, ['of another'], 'key2'), true)
    assert.equal(await make(catalog, ['one more']), 'too-many')
    const [first = ''] = made
    await catalog.grants.revoke(first, { nowMs: 300, stub: null }, null)
    assert.equal(await make(catalog, ['h1', 'h2']), 'too-many')
    assert.equal(await catalog.grants.find('h1'), null)
    assert.equal(await make(other, ['h1']), true)
    assert.equal(await make(catalog, ['h2']), 'too-many')
  })

  check('links that ran out or are used up make room for others', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    const epoch = await catalog.keys.epoch()
    const bounded = { maxLive: 2 }
    const early = [grantOf('late', { expiresAt: 400 }), grantOf('once', { maxUses: 1 })]
    assert.equal(await catalog.grants.insert(early, epoch, bounded), true)
    assert.equal(await catalog.grants.insert([grantOf('c')], epoch, bounded), 'too-many')
    await catalog.grants.expire(500, 10)
    assert.equal(await catalog.grants.insert([grantOf('c')], epoch, bounded), true)
    assert.equal(await catalog.grants.insert([grantOf('d')], epoch, bounded), 'too-many')
    assert.equal(await beginsReading(catalog, 'once'), true)
    const over = { sentBytes: 10, arrived: true, endedAt: 600 }
    await catalog.grants.endReading('once', 'p1.a', over)
    assert.equal(await catalog.grants.insert([grantOf('d')], epoch, bounded), true)
  })

  check('a delete that changes nothing ends no link', async ({ catalog }) => {
    await createBuckets(catalog, 'acme')
    await insertGrants(catalog, grantOf('put', { key: 'a', method: 'PUT' }))
    await remove(catalog, 'a', { nowMs: 600 })
    assert.equal((await catalog.grants.find('put'))?.revokedAt, null)
    await store(catalog, draftOf('a'))
    assert.equal((await remove(catalog, 'a', { ifEtag: 'x' })).outcome, 'condition-failed')
    assert.equal((await catalog.grants.find('put'))?.revokedAt, null)
    assert.notEqual(await catalog.files.find(at('a')), null)
  })

  check('grants are listed newest first, page by page, in a folder', async ({ catalog }) => {
    for (const [id, key] of [
      ['g1', 'a/1'],
      ['g2', 'b/1'],
      ['g3', 'a/2'],
      ['g4', 'a%/1'],
      ['g5', 'a/3'],
      ['g6', 'ab'],
    ] as const) {
      await insertGrants(catalog, grantOf(id, { key }))
    }
    const list = (pathPrefix: string, before: string | null, limit: number): Promise<string[]> =>
      idsOf(catalog, { pathPrefix, before, limit })
    assert.deepEqual(await list('', null, 10), ['g6', 'g5', 'g4', 'g3', 'g2', 'g1'])
    assert.deepEqual(await list('', 'g4', 2), ['g3', 'g2'])
    assert.deepEqual(await list('acme/a/', null, 2), ['g5', 'g3'])
    assert.deepEqual(await list('acme/a/', 'g3', 2), ['g1'])
    assert.deepEqual(await list('acme/a%/', null, 9), ['g4'])
    assert.deepEqual(await list('acme/', 'g1', 9), [])
    assert.deepEqual(await list('acme/', 'unheard-of', 9), [])
    assert.deepEqual(await list('acm/', null, 9), [])
    assert.deepEqual(await list('acme/ab', null, 9), ['g6'])
    assert.deepEqual(await list('acme/a', null, 9), [])
  })

  check('an expired grant is listed as one before and after it is filed as one', async (f) => {
    const { catalog } = f
    await insertGrants(
      catalog,
      grantOf('early', { expiresAt: 100 }),
      grantOf('late', { expiresAt: 9000 }),
    )
    for (const filed of [0, 1]) {
      assert.deepEqual(await idsOf(catalog, { status: 'expired' }), ['early'])
      assert.deepEqual(await idsOf(catalog, { status: 'active' }), ['late'])
      assert.deepEqual(await idsOf(catalog, {}), ['late', 'early'])
      if (filed === 0) assert.equal(await catalog.grants.expire(500, 10), 1)
    }
    assert.equal(await catalog.grants.expire(500, 10), 0)
    assert.equal(await catalog.grants.revoke('early', { nowMs: 600, stub: null }, null), true)
    assert.deepEqual(await idsOf(catalog, { status: 'revoked' }), ['early'])
    assert.deepEqual(await idsOf(catalog, { status: 'expired' }), [])
  })

  check('any list is what filtering by hand gives, whatever happened to the grants', async (f) => {
    const { catalog, other } = f
    await createBuckets(catalog, 'acme')
    const paths = ['x', 'd/x', 'd/y', 'd/e/x', 'dd/x'] as const
    const numbers = Array.from({ length: 60 }, (_, number) => number)
    for (const number of numbers) {
      await insertGrants(
        catalog,
        grantOf(`g${number}`, {
          key: paths[number % paths.length] ?? 'x',
          createdBy: `key${number % 3}`,
          maxUses: number % 4 === 0 ? 2 : null,
          expiresAt: number % 7 === 0 ? 450 : 10_000,
        }),
      )
      const before = Math.floor(number / 2)
      if (number % 5 === 0) await beginsReading(other, `g${before}`, { admittedAtMs: 400 })
      if (number % 6 === 0) await beginsReading(other, `g${number}`, { admittedAtMs: 400 })
      if (number % 9 === 0)
        await other.grants.revoke(`g${before}`, { nowMs: 450, stub: null }, null)
      if (number % 20 === 0) await catalog.grants.expire(460, 3)
    }
    await store(catalog, draftOf('d/y'))
    await remove(catalog, 'd/y')
    const all: GrantRecord[] = []
    for (const number of numbers.toReversed()) {
      const grant = await catalog.grants.find(`g${number}`)
      if (grant !== null) all.push(grant)
    }
    const queries = fc.record({
      pathPrefix: fc.constantFrom('', 'acme/', 'acme/d/', 'acme/d/e/', 'acme/dd/', 'acme/x', 'no/'),
      createdBy: fc.constantFrom(null, 'key0', 'key1', 'key2', 'key9'),
      status: fc.constantFrom<GrantStatus | null>(null, 'active', 'expired', 'used-up', 'revoked'),
      before: fc.constantFrom(null, 'g59', 'g30', 'g0'),
      limit: fc.integer({ min: 1, max: 70 }),
    })
    await fc.assert(
      fc.asyncProperty(queries, async (query) => {
        const listed = await catalog.grants.list({ ...query, nowMs: 500 })
        assert.deepEqual(listed, filterByHand(all, query))
      }),
      { numRuns: 400, seed: 5 },
    )
  })
}

function filterByHand(
  newestFirst: readonly GrantRecord[],
  query: Omit<ListGrantsQuery, 'nowMs'>,
): GrantRecord[] {
  const start =
    query.before === null ? 0 : newestFirst.findIndex(({ id }) => id === query.before) + 1
  return newestFirst
    .slice(start)
    .filter(({ bucket, key }) => {
      const path = `${bucket}/${key}`
      return query.pathPrefix === '' || query.pathPrefix.endsWith('/')
        ? path.startsWith(query.pathPrefix)
        : path === query.pathPrefix
    })
    .filter(({ createdBy }) => query.createdBy === null || createdBy === query.createdBy)
    .filter((grant) => query.status === null || statusOf(grant, 500) === query.status)
    .slice(0, query.limit)
}

function statusOf(grant: GrantRecord, nowMs: number): GrantStatus {
  if (grant.revokedAt !== null) return 'revoked'
  if (grant.maxUses !== null && grant.uses >= grant.maxUses) return 'used-up'
  return grant.expiresAt <= nowMs ? 'expired' : 'active'
}
