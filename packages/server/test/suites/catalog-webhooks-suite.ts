/** What the catalog promises of webhooks: each event is told once, whoever asks, and what is told is known. */
import assert from 'node:assert/strict'
import type { EventRecord } from '../../src/catalog/event-steps.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { DeliveryRecord, WebhookRecord } from '../../src/catalog/webhook-steps.ts'
import type { CheckCatalog } from './catalog-fixture.ts'
import { useOf } from '../support/events.ts'

const ALL = { limit: 100, maxWaiting: 100 }

function webhookOf(id: string): WebhookRecord {
  return {
    id,
    name: id,
    url: 'https://app.example/hooks?token=secret',
    kinds: ['link.used'],
    pathPrefix: 'acme/',
    sealedSecret: new Uint8Array([1, 2]),
    sealedPrevious: null,
    previousUntil: null,
    createdAt: 0,
    createdBy: 'key_a',
    disabledAt: null,
    skipped: 0,
  }
}

function deliveryOf(id: string, webhookId: string): DeliveryRecord {
  return {
    id,
    webhookId,
    eventId: 'evt_1',
    kind: 'link.used',
    payload: '{"a":1}',
    state: 'waiting',
    attempts: 0,
    nextAt: 1000,
    createdAt: 1000,
    endedAt: null,
    lastStatus: null,
    lastFault: null,
  }
}

/** A message of every event for every webhook, named after both. */
const everyone = (
  event: EventRecord,
  webhooks: readonly WebhookRecord[],
): readonly DeliveryRecord[] => webhooks.map(({ id }) => deliveryOf(`${event.path}-${id}`, id))

async function idsOf(catalog: Catalog, webhookId: string): Promise<string[]> {
  const query = { webhookId, state: null, before: null, limit: 100 }
  const found = await catalog.webhooks.deliveries(query)
  return found.map(({ delivery }) => delivery.id)
}

async function scene(catalog: Catalog): Promise<void> {
  await catalog.webhooks.insert(webhookOf('hook_1'), 2, null)
  await catalog.webhooks.spread(() => [], ALL)
}

export function catalogWebhooksSuite(check: CheckCatalog): void {
  check(
    'webhooks are kept, changed, removed and bounded, and the trail says so',
    async (fixture) => {
      const { catalog, other } = fixture
      assert.equal(await catalog.webhooks.insert(webhookOf('hook_1'), 2, null), 'inserted')
      assert.equal(await catalog.webhooks.insert(webhookOf('hook_2'), 2, null), 'inserted')
      assert.equal(await catalog.webhooks.insert(webhookOf('hook_3'), 2, null), 'too-many')
      assert.deepEqual(
        (await other.webhooks.list()).map(({ id }) => id),
        ['hook_1', 'hook_2'],
      )
      const rename = (known: WebhookRecord): WebhookRecord => ({ ...known, name: 'renamed' })
      assert.equal((await other.webhooks.change('hook_1', rename, null)) === null, false)
      assert.equal((await catalog.webhooks.find('hook_1'))?.name, 'renamed')
      assert.equal(await catalog.webhooks.change('hook_9', rename, null), null)
      assert.equal(await catalog.webhooks.remove('hook_1', null), true)
      assert.equal(await catalog.webhooks.remove('hook_1', null), false)
      const late = { epoch: 99, keyId: null }
      assert.equal(await catalog.webhooks.remove('hook_2', late), 'epoch-changed')
      const trail = (await catalog.events.after(0, 100)).map(({ event }) => event)
      assert.deepEqual(
        trail.map(({ kind, target }) => [kind, target]),
        [
          ['webhook.created', 'hook_1'],
          ['webhook.created', 'hook_2'],
          ['webhook.changed', 'hook_1'],
          ['webhook.removed', 'hook_1'],
        ],
      )
      assert.ok(!JSON.stringify(trail).includes('secret'))
    },
  )

  check('of two that spread, each event is told once and in order', async ({ catalog, other }) => {
    await scene(catalog)
    const paths = Array.from({ length: 40 }, (_, index) => `acme/${String(index).padStart(2, '0')}`)
    await catalog.events.append(paths.map((path) => useOf({ path })))
    const small = { limit: 3, maxWaiting: 100 }
    const rounds = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? catalog : other).webhooks.spread(everyone, small),
    )
    const told = (await Promise.all(rounds)).reduce((sum, { events }) => sum + events, 0)
    assert.equal(told, 40)
    assert.deepEqual(
      (await idsOf(catalog, 'hook_1')).toReversed(),
      paths.map((path) => `${path}-hook_1`),
    )
  })

  check('too many that wait are skipped, counted, and hold up nobody else', async ({ catalog }) => {
    await scene(catalog)
    await catalog.webhooks.insert(webhookOf('hook_2'), 5, null)
    await catalog.webhooks.spread(() => [], ALL)
    await catalog.events.append(['a', 'b', 'c'].map((path) => useOf({ path })))
    const first = (
      event: EventRecord,
      webhooks: readonly WebhookRecord[],
    ): readonly DeliveryRecord[] =>
      everyone(event, webhooks).filter(
        ({ webhookId }) => webhookId === 'hook_1' || event.path === 'a',
      )
    assert.deepEqual(await catalog.webhooks.spread(first, { limit: 10, maxWaiting: 2 }), {
      events: 3,
      skipped: 1,
    })
    assert.equal((await catalog.webhooks.find('hook_1'))?.skipped, 1)
    assert.deepEqual(await idsOf(catalog, 'hook_1'), ['b-hook_1', 'a-hook_1'])
    assert.deepEqual(await idsOf(catalog, 'hook_2'), ['a-hook_2'])
  })

  check(
    'attempts are counted, what ends is not due, and can be sent again',
    async ({ catalog }) => {
      await scene(catalog)
      await catalog.events.append([useOf({ path: 'a' }), useOf({ path: 'b' })])
      await catalog.webhooks.spread(everyone, ALL)
      assert.deepEqual(await catalog.webhooks.due('hook_1', 999, 10), [])
      const due = await catalog.webhooks.due('hook_1', 1000, 10)
      assert.deepEqual(
        due.map(({ id }) => id),
        ['a-hook_1', 'b-hook_1'],
      )
      const fault = { lastStatus: null, lastFault: 'timed-out' }
      const waits = {
        id: 'a-hook_1',
        dueAt: 1000,
        state: 'waiting',
        nextAt: 6000,
        endedAt: null,
        ...fault,
      } as const
      const ended = { state: 'dead', nextAt: 2000, endedAt: 2000 } as const
      const dead = { id: 'b-hook_1', dueAt: 1000, ...ended, ...fault }
      await catalog.webhooks.settle([waits, dead])
      assert.deepEqual(await catalog.webhooks.due('hook_1', 5999, 10), [])
      const query = { webhookId: 'hook_1', state: 'dead', before: null, limit: 10 } as const
      const [only, ...others] = await catalog.webhooks.deliveries(query)
      assert.deepEqual([only?.delivery.id, only?.delivery.attempts, others], ['b-hook_1', 1, []])
      const again = { id: 'b-hook_1', nowMs: 5000 }
      assert.equal(await catalog.webhooks.resend({ ...again, webhookId: 'hook_2' }, null), null)
      assert.ok((await catalog.webhooks.resend({ ...again, webhookId: 'hook_1' }, null)) !== null)
      assert.deepEqual(
        (await catalog.webhooks.due('hook_1', 5000, 10)).map(({ id }) => id),
        ['b-hook_1'],
      )
      const trail = (await catalog.events.after(0, 100)).map(({ event }) => event)
      assert.deepEqual(
        trail.slice(3).map(({ kind, target, detail }) => [kind, target, detail['message']]),
        [['webhook.resent', 'hook_1', 'b-hook_1']],
      )
    },
  )

  check('a message sent again during an attempt is sent again', async ({ catalog, other }) => {
    await scene(catalog)
    await catalog.events.append([useOf({ path: 'a' })])
    await catalog.webhooks.spread(everyone, ALL)
    const delivered = {
      id: 'a-hook_1',
      state: 'delivered',
      endedAt: 3000,
      lastStatus: 200,
      lastFault: null,
    } as const
    const again = { webhookId: 'hook_1', id: 'a-hook_1', nowMs: 1000 }
    // Also within the millisecond in which it was due.
    const resent = await other.webhooks.resend(again, null)
    const late = { epoch: 99, keyId: null }
    assert.equal(await other.webhooks.resend({ ...again, nowMs: 5000 }, late), 'epoch-changed')
    await catalog.webhooks.settle([{ ...delivered, dueAt: 1000, nextAt: 3000 }])
    const [due, ...others] = await catalog.webhooks.due('hook_1', 3000, 10)
    assert.deepEqual([due?.attempts, due?.lastStatus, others], [1, 200, []])
    assert.ok(resent !== null && resent !== 'epoch-changed' && due?.nextAt === resent.nextAt)
    await catalog.webhooks.settle([{ ...delivered, dueAt: resent.nextAt, nextAt: 4000 }])
    assert.deepEqual(await catalog.webhooks.due('hook_1', 9000, 10), [])
  })

  check('what ended long ago is forgotten, and what waits is not', async ({ catalog }) => {
    await scene(catalog)
    await catalog.events.append([useOf({ path: 'a' }), useOf({ path: 'b' })])
    await catalog.webhooks.spread(everyone, ALL)
    const done = {
      dueAt: 1000,
      state: 'delivered',
      nextAt: 0,
      lastStatus: 200,
      lastFault: null,
    } as const
    await catalog.webhooks.settle([{ ...done, id: 'a-hook_1', endedAt: 2000 }])
    assert.equal(await catalog.webhooks.forget(2000, 10), 0)
    assert.equal(await catalog.webhooks.forget(2001, 10), 1)
    assert.deepEqual(await idsOf(catalog, 'hook_1'), ['b-hook_1'])
  })
}
