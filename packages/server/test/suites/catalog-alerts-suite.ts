/** What the catalog promises of alerts: one that is open counts on, the trail tells of each, and links stop in the same step. */
import assert from 'node:assert/strict'
import type { AlertDraft, AlertRecord } from '../../src/catalog/alert-steps.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { createBuckets, grantOf } from './catalog-fixture.ts'
import type { CheckCatalog } from './catalog-fixture.ts'

function draftOf(id: string, more: Partial<AlertRecord> = {}): AlertDraft {
  const alert: AlertRecord = {
    id,
    rule: 'many-networks',
    subject: 'link_1',
    path: 'acme/a.txt',
    linkId: 'link_1',
    keyId: null,
    raisedAt: 100,
    lastAt: 100,
    times: 1,
    measured: 30,
    threshold: 20,
    hasPaused: false,
    closedAt: null,
    closedBy: null,
    ...more,
  }
  return { alert, pause: null }
}

async function listed(catalog: Catalog, isOpen: boolean): Promise<string[]> {
  const found = await catalog.alerts.list({ isOpen, pathPrefix: '', before: null, limit: 10 })
  return found.map(({ alert: { id, times } }) => `${id}×${times}`)
}

async function trailOf(catalog: Catalog): Promise<string[]> {
  return (await catalog.events.after(0, 100)).map(({ event }) => event.kind)
}

export function catalogAlertsSuite(check: CheckCatalog): void {
  check('an open alert counts on, and a closed one makes room for the next', async (fixture) => {
    const { catalog, other } = fixture
    const raise = (id: string, at: number): ReturnType<Catalog['alerts']['raise']> =>
      catalog.alerts.raise([draftOf(id, { lastAt: at })])
    assert.equal((await raise('alert_1', 100)).length, 1)
    assert.equal((await raise('alert_2', 200)).length, 0)
    assert.deepEqual(await listed(other, true), ['alert_1×2'])
    assert.equal((await other.alerts.find('alert_1'))?.lastAt, 200)
    await other.alerts.close('alert_1', { nowMs: 300, by: 'key_a' }, null)
    await other.alerts.close('alert_1', { nowMs: 400, by: 'key_b' }, null)
    const closed = await other.alerts.find('alert_1')
    assert.deepEqual([closed?.closedAt, closed?.closedBy], [300, 'key_a'])
    assert.equal(await other.alerts.close('alert_9', { nowMs: 1, by: '' }, null), null)
    assert.equal((await raise('alert_3', 500)).length, 1)
    assert.deepEqual(await listed(catalog, true), ['alert_3×1'])
    assert.deepEqual(await listed(catalog, false), ['alert_1×2'])
    assert.deepEqual(await trailOf(catalog), ['alert.raised', 'alert.closed', 'alert.raised'])
    const late = { epoch: 99, keyId: null }
    const end = { nowMs: 600, by: 'key_a' }
    assert.equal(await other.alerts.close('alert_3', end, late), 'epoch-changed')
    assert.deepEqual(await listed(catalog, true), ['alert_3×1'])
    assert.equal(await catalog.alerts.forget(300, 10), 0)
    assert.equal(await catalog.alerts.forget(301, 10), 1)
    assert.deepEqual(await listed(catalog, false), [])
  })

  check(
    'alerts of a folder are those below it, and a draft may move no reader',
    async (fixture) => {
      const { catalog } = fixture
      const first = [draftOf('alert_1', { path: 'acme/\u{1F600}/a.txt' })]
      await catalog.alerts.raiseWatched(first, { from: 0, upTo: 5 })
      await catalog.alerts.raise([draftOf('alert_2', { path: 'acme/b', subject: 's' })])
      await catalog.alerts.raise([draftOf('alert_3', { path: '', subject: 't' })])
      assert.equal((await catalog.alerts.unwatched(1)).from, 5)
      for (const [pathPrefix, expected] of [
        ['', ['alert_3', 'alert_2', 'alert_1']],
        ['acme/', ['alert_2', 'alert_1']],
        ['acme/\u{1F600}/', ['alert_1']],
        ['acme/b/', []],
        ['acm_/', []],
      ] as const) {
        const query = { isOpen: true, pathPrefix, before: null, limit: 10 }
        const found = await catalog.alerts.list(query)
        assert.deepEqual(
          found.map(({ alert }) => alert.id),
          expected,
        )
      }
    },
  )

  check('who watched on from a place that another has left does nothing', async (fixture) => {
    const { catalog, other } = fixture
    assert.equal((await other.alerts.raiseWatched([], { from: 0, upTo: 9 }))?.length, 0)
    const late = [draftOf('alert_1')]
    assert.equal(await catalog.alerts.raiseWatched(late, { from: 0, upTo: 5 }), null)
    assert.deepEqual(await listed(catalog, true), [])
    assert.equal((await catalog.alerts.unwatched(1)).from, 9)
    assert.equal((await catalog.alerts.raiseWatched(late, { from: 9, upTo: 9 }))?.length, 1)
  })

  check(
    'a link stops with its alert, and goes on when somebody says so',
    async ({ catalog, other }) => {
      await createBuckets(catalog, 'acme')
      await catalog.grants.insert([grantOf('link_1')], await catalog.keys.epoch())
      const pause = { linkId: 'link_1', stub: null }
      const [raised] = await catalog.alerts.raise([{ ...draftOf('alert_1'), pause }])
      assert.equal(raised?.id, 'alert_1')
      assert.equal((await other.grants.find('link_1'))?.pausedAt, 100)
      assert.equal((await other.alerts.find('alert_1'))?.hasPaused, true)
      assert.equal(await other.grants.pause('link_1', { nowMs: 200, stub: null }, null), false)
      assert.equal(await other.grants.resume('link_1', null), true)
      assert.equal(await other.grants.resume('link_1', null), false)
      assert.equal((await catalog.grants.find('link_1'))?.pausedAt, null)
      assert.equal(await catalog.grants.pause('link_9', { nowMs: 200, stub: null }, null), false)
      assert.equal(
        await catalog.grants.pause('link_9', { nowMs: 200, stub: grantOf('link_9') }, null),
        true,
      )
      assert.equal((await other.grants.find('link_9'))?.pausedAt, 200)
      assert.deepEqual((await trailOf(catalog)).slice(2), [
        'alert.raised',
        'link.paused',
        'link.resumed',
        'link.paused',
      ])
    },
  )

  check('what is set is replaced and taken back', async ({ catalog, other }) => {
    const setting = { path: 'acme/', thresholds: { probes: 5 }, pause: ['volume'] }
    await catalog.alerts.putSetting({ ...setting, pause: [] }, null)
    await catalog.alerts.putSetting(setting, null)
    assert.deepEqual(await other.alerts.settings(), [setting])
    const late = { epoch: 99, keyId: null }
    assert.equal(await catalog.alerts.putSetting(setting, late), 'epoch-changed')
    assert.equal(await other.alerts.removeSetting('acme/', null), true)
    assert.equal(await other.alerts.removeSetting('acme/', null), false)
    assert.deepEqual(await catalog.alerts.settings(), [])
  })
}
