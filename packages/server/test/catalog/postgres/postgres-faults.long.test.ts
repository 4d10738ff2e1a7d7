/** What goes wrong with a connection while a transaction is on it: those who wait are told to come again, and nobody after them suffers. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'
import { ask } from '../../support/postgres-server.ts'
import {
  at,
  bucketOf,
  createBuckets,
  draftOf,
  inlineOf,
  store,
  withFixture,
} from '../../suites/catalog-fixture.ts'
import { createPostgresFixture } from './postgres-fixture.ts'
import type { PostgresFixture } from './postgres-fixture.ts'

const LOCK_CATALOG = 'begin; select pg_advisory_xact_lock(1751215212, 0)'
const LOCK_FILES = 'begin; lock table files in access exclusive mode'
const TOGETHER = 16

/** While somebody else has what `lock` takes. */
async function whileLocked(
  url: string,
  lock: string,
  body: (unlock: () => Promise<void>, run: (text: string) => Promise<void>) => Promise<void>,
): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(lock)
    const run = async (text: string): Promise<void> => void (await client.query(text))
    await body(() => run('rollback'), run)
  } finally {
    await client.end()
  }
}

type Strike = 'pg_cancel_backend' | 'pg_terminate_backend'

/** Does it to whoever of a catalog waits for a lock, as soon as there is one. */
async function strike(url: string, what: Strike): Promise<void> {
  await untilFound(url, `${what}(pid)`)
}

async function untilWaiting(url: string): Promise<void> {
  await untilFound(url, 'pid')
}

async function untilFound(url: string, selected: string): Promise<void> {
  for (;;) {
    const found = await ask(
      url,
      `select ${selected} from pg_stat_activity
       where datname = current_database() and application_name = 'hallpass' and wait_event_type = 'Lock'`,
    )
    if (found.length > 0) return
    await sleep(20)
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof StoreError && error.fault === 'unavailable'
}

/** On every connection that there may be, so that the one that failed is among them. */
async function requireWhole(catalog: Catalog): Promise<void> {
  const found = await Promise.all(Array.from({ length: 16 }, () => catalog.files.find(at('none'))))
  assert.deepEqual(new Set(found), new Set([null]))
  const keys = Array.from({ length: 8 }, (_, index) => `whole${index}`)
  await Promise.all(keys.map((key) => store(catalog, draftOf(key, {}, inlineOf('whole')))))
}

function storeTogether(catalog: Catalog): Promise<PromiseSettledResult<unknown>[]> {
  const drafts = Array.from({ length: TOGETHER }, (_, index) =>
    draftOf(`together${index}`, {}, inlineOf('abc')),
  )
  return Promise.allSettled(drafts.map((draft) => store(catalog, draft)))
}

describe('PostgreSQL catalog: faults in the middle', () => {
  const check = (title: string, body: (fixture: PostgresFixture) => Promise<void>): void => {
    test(title, () => withFixture(createPostgresFixture, body))
  }

  for (const what of ['pg_cancel_backend', 'pg_terminate_backend'] as const) {
    check(
      `one that waits for its turn when ${what} comes leaves nothing behind`,
      async (fixture) => {
        const { url, catalog } = fixture
        await createBuckets(catalog, 'acme')
        await whileLocked(url, LOCK_CATALOG, async (unlock) => {
          const waiting = catalog.buckets.create(bucketOf('other'), null)
          const settled = waiting.then(
            () => null,
            (error: unknown) => error,
          )
          await strike(url, what)
          await unlock()
          const failure = await settled
          // Of a connection that ends before the transaction has begun another is taken.
          assert.ok(what === 'pg_terminate_backend' ? failure === null : isUnavailable(failure))
        })
        await requireWhole(catalog)
      },
    )
  }

  check('of a group whose connection ends each is told so, and none is stored', async (fixture) => {
    const { url, catalog } = fixture
    await createBuckets(catalog, 'acme')
    await whileLocked(url, LOCK_FILES, async (unlock) => {
      const storing = storeTogether(catalog)
      await strike(url, 'pg_terminate_backend')
      await unlock()
      const settled = await storing
      for (const one of settled) {
        if (one.status === 'rejected') assert.ok(isUnavailable(one.reason), String(one.reason))
      }
      assert.ok(settled.some(({ status }) => status === 'rejected'))
      for (const [index, { status }] of settled.entries()) {
        const found = await fixture.other.files.find(at(`together${index}`))
        assert.equal(found !== null, status === 'fulfilled')
      }
    })
    await requireWhole(catalog)
  })

  check(
    'of a group of which a statement is cancelled each is stored by itself',
    async (fixture) => {
      const { url, catalog } = fixture
      await createBuckets(catalog, 'acme')
      await whileLocked(url, LOCK_FILES, async (unlock) => {
        const storing = storeTogether(catalog)
        await strike(url, 'pg_cancel_backend')
        await unlock()
        const settled = await storing
        assert.deepEqual(new Set(settled.map(({ status }) => status)), new Set(['fulfilled']))
      })
      await requireWhole(catalog)
    },
  )

  check('a group that another blocks while it blocks the other ends well', async (fixture) => {
    const { url, catalog } = fixture
    await createBuckets(catalog, 'acme')
    const contents: string[] = []
    for (const name of ['a', 'b']) {
      const { content } = await store(catalog, draftOf(name, {}, inlineOf('shared')))
      await store(catalog, draftOf(`copy of ${name}`, {}, { kind: 'shared', content }))
      contents.push(content.contentId)
    }
    const [first, second] = contents.map(
      (id) => `update contents set refs = refs where id = '${id}'`,
    )
    const patient = `begin; set local deadlock_timeout = '5s'; ${second}`
    await whileLocked(url, patient, async (unlock, run) => {
      const replacing = ['a', 'b'].map((name) => store(catalog, draftOf(name, {}, inlineOf('new'))))
      await untilWaiting(url)
      // Both wait for each other now, until the database ends one of them.
      await run(first ?? '').catch(() => undefined)
      await unlock()
      await Promise.all(replacing)
    })
    const refs = await ask(
      url,
      `select refs from contents where id in ('${contents.join("', '")}')`,
    )
    assert.deepEqual(refs, [{ refs: '1' }, { refs: '1' }])
  })
})
