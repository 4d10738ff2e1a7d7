import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EventDraft } from '../../../src/catalog/event-steps.ts'
import { createWatcher } from '../../../src/core/watch/watcher.ts'
import type { Follower } from '../../../src/jobs/follow-events.ts'
import { createKeyReminder } from '../../../src/jobs/remind-of-keys.ts'
import { createStoreWatch } from '../../../src/jobs/watch-store.ts'
import type { Reach } from '../../../src/stores/object-store.ts'
import { createWatchFollower } from '../../../src/jobs/watch-events.ts'
import { createMetrics } from '../../../src/platform/metrics.ts'
import type { Metrics } from '../../../src/platform/metrics.ts'
import { useOf } from '../../support/events.ts'
import { startRest } from '../../support/rest.ts'
import type { RestHarness } from '../../support/rest.ts'

/** Uses of a link from so many networks. */
function usesOf(rest: RestHarness, linkId: string, networks: number): EventDraft[] {
  const at = rest.core.clock.now()
  return Array.from({ length: networks }, (_, index) =>
    useOf({ at, linkId, address: `${index + 1}.${index * 3}.0.9` }),
  )
}

function follow({ core }: RestHarness, metrics: Metrics = createMetrics()): Follower {
  const sizes = { links: 64, addresses: 64, isOwnPage: () => false }
  return createWatchFollower({ core, metrics, createWatcher: () => createWatcher(sizes) })
}

const run = (follower: Follower): Promise<void> => follower.run(new AbortController().signal)

async function openAlerts(rest: RestHarness): Promise<Record<string, unknown>[]> {
  return (await rest.call('GET', '/v1/alerts')).json['alerts'] as Record<string, unknown>[]
}

async function issueLink(rest: RestHarness): Promise<{ id: string }> {
  await rest.call('PUT', '/v1/files?path=acme/a.txt', { body: 'x' })
  const made = await rest.call('POST', '/v1/links', { json: { path: 'acme/a.txt' } })
  return { id: String(made.json['id']) }
}

test('a link from many networks raises one alert, in the list, the events and the metrics', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  const metrics = createMetrics({ alertRules: ['volume'] })
  const follower = follow(rest, metrics)
  await rest.core.catalog.events.append(usesOf(rest, id, 40))
  await run(follower)
  await run(follower)
  const alerts = await openAlerts(rest)
  const rules = alerts.map(({ rule, link, times }) => [rule, link, times]).toReversed()
  assert.deepEqual(rules, [
    ['impossible-pace', id, 1],
    ['many-networks', id, 1],
  ])
  const events = await rest.call('GET', '/v1/events?kind=alert.raised')
  assert.equal((events.json['events'] as unknown[]).length, 2)
  const { text } = await metrics.render()
  assert.match(text, /hallpass_alerts_total\{rule="many-networks"\} 1/)
  assert.match(text, /hallpass_alerts_total\{rule="volume"\} 0/)
  const link = await rest.call('GET', `/v1/links/${id}`)
  assert.equal(link.json['pausedAt'], null)
  const alert = String(alerts[0]?.['id'])
  assert.equal((await rest.call('POST', `/v1/alerts/${alert}/close`)).status, 200)
  assert.equal((await openAlerts(rest)).length, 1)
  const closed = await rest.call('GET', '/v1/alerts?state=closed')
  assert.equal((closed.json['alerts'] as unknown[]).length, 1)
})

test('an alert that could not be written is raised the next time, and its events count once', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  const { alerts } = rest.core.catalog
  t.mock.method(alerts, 'raiseWatched', () => Promise.reject(new Error('no room')), {
    times: 1,
  })
  const follower = follow(rest)
  await rest.core.catalog.events.append(usesOf(rest, id, 40))
  await assert.rejects(run(follower), /no room/)
  assert.equal((await openAlerts(rest)).length, 0)
  await run(follower)
  const found = await openAlerts(rest)
  const rules = new Set(found.map(({ rule }) => rule))
  assert.deepEqual(rules, new Set(['impossible-pace', 'many-networks']))
})

test('after a restart nothing is told twice, and what was half seen is seen whole', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  const uses = usesOf(rest, id, 40)
  await rest.core.catalog.events.append(uses.slice(0, 25))
  await run(follow(rest))
  await rest.core.catalog.events.append(uses.slice(25))
  await run(follow(rest))
  await run(follow(rest))
  const alerts = await openAlerts(rest)
  assert.deepEqual(
    alerts.map(({ times }) => times),
    [1, 1],
  )
})

test('who watches again after another has seen what that one saw', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  const uses = usesOf(rest, id, 35)
  const [first, second] = [follow(rest), follow(rest)]
  for (const [follower, from, to] of [
    [first, 0, 9],
    [second, 9, 28],
    [first, 28, 35],
  ] as const) {
    await rest.core.catalog.events.append(uses.slice(from, to))
    await run(follower)
  }
  const rules = new Set((await openAlerts(rest)).map(({ rule }) => rule))
  assert.deepEqual(rules, new Set(['impossible-pace', 'many-networks']))
})

test('where the folder says so the link is paused with its alert, and goes on once it is resumed', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  const json = { folder: 'acme', thresholds: { networksPerDay: 5 }, pause: ['many-networks'] }
  assert.equal((await rest.call('PUT', '/v1/watch', { json })).status, 200)
  await rest.core.catalog.events.append(usesOf(rest, id, 7))
  await run(follow(rest))
  const [alert] = await openAlerts(rest)
  assert.deepEqual([alert?.['rule'], alert?.['paused']], ['many-networks', true])
  assert.notEqual((await rest.call('GET', `/v1/links/${id}`)).json['pausedAt'], null)
  assert.equal((await rest.call('POST', `/v1/links/${id}/resume`)).status, 204)
  assert.equal((await rest.call('GET', `/v1/links/${id}`)).json['pausedAt'], null)
  assert.equal((await rest.call('DELETE', '/v1/watch?folder=acme')).status, 204)
  assert.equal((await rest.call('DELETE', '/v1/watch?folder=acme')).status, 404)
})

test('thresholds that are none, or that rules cannot count to, are refused', async (t) => {
  const rest = await startRest(t)
  for (const more of [
    { thresholds: { networksPerDay: 0 } },
    { thresholds: { networksPerDay: 151 } },
    { thresholds: { nothing: 1 } },
    { pause: ['nothing'] },
    { folder: '../x' },
  ]) {
    const answer = await rest.call('PUT', '/v1/watch', { json: { folder: 'acme', ...more } })
    assert.equal(answer.status, 400, JSON.stringify(more))
  }
  assert.equal((await rest.call('GET', '/v1/alerts/alert_none')).status, 404)
})

test('an administrator of a folder sees and closes the alerts of that folder, and of no other', async (t) => {
  const rest = await startRest(t)
  const { id } = await issueLink(rest)
  await rest.core.catalog.events.append(usesOf(rest, id, 40))
  await run(follow(rest))
  const [alert] = await openAlerts(rest)
  const path = `/v1/alerts/${String(alert?.['id'])}`
  const here = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/' })
  const elsewhere = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/other/' })
  const reader = await rest.createKey({ actions: ['read', 'list'] })
  const listed = async (key: string): Promise<number> => {
    const answer = await rest.call('GET', '/v1/alerts', { key })
    assert.equal(answer.status, 200, answer.text)
    return (answer.json['alerts'] as unknown[]).length
  }
  assert.equal(await listed(here), 2)
  assert.equal(await listed(elsewhere), 0)
  assert.equal((await rest.call('GET', path, { key: elsewhere })).status, 404)
  assert.equal((await rest.call('POST', `${path}/close`, { key: elsewhere })).status, 404)
  assert.equal((await rest.call('GET', '/v1/alerts', { key: reader })).status, 403)
  assert.equal((await rest.call('POST', `${path}/close`, { key: here })).status, 200)
  assert.equal(await listed(here), 1)
})

test('a key that is about to end is told of a week and a day before, each once, to whoever is in charge of it', async (t) => {
  const rest = await startRest(t)
  const { core } = rest
  const day = 86_400_000
  const make = (name: string, days: number, pathPrefix = ''): Promise<unknown> =>
    rest.call('POST', '/v1/api-keys', {
      json: {
        name,
        actions: ['read'],
        pathPrefix,
        expiresAt: new Date(core.clock.now() + days * day).toISOString(),
      },
    })
  await make('month', 30, 'acme/team')
  await make('short', 3)
  await make('never', 400)
  const metrics = createMetrics()
  const reminder = createKeyReminder({ core, metrics })
  const folder = await rest.createKey({ actions: ['admin'], pathPrefix: 'acme/team/' })
  const rules = async (): Promise<unknown[]> => {
    await core.keyRing.refresh()
    await run(reminder)
    await run(reminder)
    const { json } = await rest.call('GET', '/v1/alerts', { key: folder })
    return (json['alerts'] as Record<string, unknown>[]).map(({ rule, measured }) => [
      rule,
      measured,
    ])
  }
  assert.deepEqual(await rules(), [])
  core.clock.advance(24 * day)
  assert.deepEqual(await rules(), [['key-ends-in-week', 6]])
  assert.equal((await openAlerts(rest)).length, 1)
  const [alert] = await openAlerts(rest)
  await rest.call('POST', `/v1/alerts/${String(alert?.['id'])}/close`)
  assert.deepEqual(await rules(), [], 'it is not said again')
  core.clock.advance(5.5 * day)
  assert.deepEqual(await rules(), [['key-ends-in-day', 1]])
  core.clock.advance(day)
  assert.deepEqual(await rules(), [['key-ends-in-day', 1]], 'what has ended is not about to end')
  assert.match((await metrics.render()).text, /hallpass_alerts_total\{rule="key-ends-in-day"\} 1/)
  const events = await rest.call('GET', '/v1/events?kind=alert.raised')
  assert.equal((events.json['events'] as unknown[]).length, 2)
})

test('an object store that lets the server do nothing is told of once a day while it is so', async (t) => {
  const rest = await startRest(t)
  const { core } = rest
  const metrics = createMetrics()
  const reached: Reach = { kind: 'reached' }
  let reach: Reach = { kind: 'silent' }
  const look = (): Promise<Reach> => Promise.resolve(reach)
  const stores = [
    { subject: 'HALLPASS_BLOBS', path: '', look },
    { subject: 'theirs', path: 'theirs/', look: () => Promise.resolve(reached) },
  ]
  const watch = createStoreWatch({ core, metrics, everyMs: 1, stores: async () => stores })
  const told = async (): Promise<unknown[]> => {
    await run(watch)
    await run(watch)
    return (await openAlerts(rest)).map(({ rule, subject, times }) => [rule, subject, times])
  }
  assert.deepEqual(await told(), [], 'one that does not answer may come back by itself')
  reach = { kind: 'refused', why: 's3://bucket refuses the credentials' }
  assert.deepEqual(await told(), [['store-refuses', 'HALLPASS_BLOBS', 1]])
  core.clock.advance(86_400_000)
  assert.deepEqual(
    await told(),
    [['store-refuses', 'HALLPASS_BLOBS', 2]],
    'an open one counts days',
  )
  const [alert] = await openAlerts(rest)
  await rest.call('POST', `/v1/alerts/${String(alert?.['id'])}/close`)
  assert.deepEqual(await told(), [], 'it is not said again on that day')
  core.clock.advance(86_400_000)
  assert.deepEqual(await told(), [['store-refuses', 'HALLPASS_BLOBS', 1]])
})
