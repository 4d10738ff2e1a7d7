/** What two processes over one database do at once: nothing is spent twice, nothing is lost, and nobody has to wait for long. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import {
  askFor,
  at,
  commit,
  createBuckets,
  draftOf,
  grantOf,
  inlineOf,
  insertGrants,
  nextId,
  queuedIds,
  store,
  withFixture,
} from '../../suites/catalog-fixture.ts'
import { ask } from '../../support/postgres-server.ts'
import { createPostgresFixture } from './postgres-fixture.ts'
import type { PostgresFixture } from './postgres-fixture.ts'

const RACERS = 64

function race<Result>(
  { catalog, other }: PostgresFixture,
  run: (one: Catalog, index: number) => Promise<Result>,
): Promise<Result[]> {
  const racers = Array.from({ length: RACERS }, (_, index) =>
    run(index % 2 === 0 ? catalog : other, index),
  )
  return Promise.all(racers)
}

/** For a row or a lock that another transaction has. */
async function untilSomebodyWaits(url: string): Promise<void> {
  const waiting = 'select 1 from pg_locks where not granted'
  while ((await ask(url, waiting)).length === 0) await sleep(10)
}

describe('PostgreSQL catalog: races over two processes', () => {
  const check = (title: string, body: (fixture: PostgresFixture) => Promise<void>): void => {
    test(title, () => withFixture(createPostgresFixture, body))
  }

  check('a link with three uses begins three times', async (fixture) => {
    await createBuckets(fixture.catalog, 'acme')
    await insertGrants(fixture.catalog, grantOf('g', { maxUses: 3 }))
    const begun = await race(fixture, async (catalog, index) => {
      const answerId = `p${index}.a`
      const ask = askFor('g', { answerId, clientIp: `10.0.0.${index}`, isAtOnce: true })
      return (await catalog.grants.beginReading(ask)).outcome
    })
    assert.equal(begun.filter((outcome) => outcome === 'begun').length, 3)
    assert.equal((await fixture.catalog.grants.find('g'))?.uses, 3)
  })

  check('a name that must be new is made once, under a link that is used once', async (fixture) => {
    await createBuckets(fixture.catalog, 'acme')
    await insertGrants(fixture.catalog, grantOf('put', { method: 'PUT', maxUses: 1 }))
    const useGrant = { id: 'put', admittedAtMs: 500, clientIp: '::1', terms: {} }
    const made = await race(fixture, async (catalog, index) => {
      const condition = index % 4 < 2 ? { ifAbsent: true } : { useGrant }
      return (await commit(catalog, draftOf(index % 4 < 2 ? 'new' : 'linked'), condition)).outcome
    })
    assert.equal(made.filter((outcome) => outcome === 'committed').length, 2)
  })

  check(
    'every content that is replaced is given up once, and the last one stays',
    async (fixture) => {
      await createBuckets(fixture.catalog, 'acme')
      const drafts = Array.from({ length: RACERS }, () => draftOf('a', {}, inlineOf('abc')))
      await race(fixture, (catalog, index) => store(catalog, drafts[index] ?? draftOf('a')))
      const left = await fixture.other.files.find(at('a'))
      const queued = await queuedIds(fixture.catalog)
      assert.equal(queued.length, RACERS - 1)
      assert.ok(left !== null && !queued.includes(left.content.contentId))
    },
  )

  check(
    'of many that are stored together one that fails takes no other with it',
    async (fixture) => {
      await createBuckets(fixture.catalog, 'acme')
      await store(fixture.catalog, draftOf('first', {}, inlineOf('abc', 'taken')))
      const racers = Array.from({ length: RACERS }, (_, index) => {
        const content = index === 5 ? inlineOf('abc', 'taken') : inlineOf('abc')
        return commit(fixture.catalog, draftOf(`together${index}`, {}, content))
      })
      const settled = await Promise.allSettled(racers)
      const failed = settled.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))
      assert.deepEqual(failed, [5])
      for (let index = 0; index < RACERS; index += 1) {
        const found = await fixture.other.files.find(at(`together${index}`))
        assert.equal(found === null, index === 5)
      }
      const events = await fixture.other.events.after(0, 1000)
      assert.equal(events.filter(({ event }) => event.kind === 'file.created').length, RACERS)
    },
  )

  check('a copy never shares what is being given up', async (fixture) => {
    const { catalog } = fixture
    await createBuckets(catalog, 'acme')
    const source = await store(catalog, draftOf('a', {}, inlineOf('shared')))
    const shared = { kind: 'shared', content: source.content } as const
    await race(fixture, (one, index) =>
      index === 20
        ? commit(one, draftOf('a', {}, inlineOf('other')))
        : commit(one, draftOf(`copy${index}`, {}, shared)),
    )
    const queued = await queuedIds(catalog)
    const page = await catalog.files.list({
      bucket: 'acme',
      prefix: 'copy',
      delimiter: '',
      after: '',
      limit: 100,
    })
    assert.ok(page.entries.length === 0 || !queued.includes(source.content.contentId))
  })

  check('a guess that is counted while old ones are forgotten stays counted', async (fixture) => {
    const { catalog, other, url } = fixture
    const bounds = (nowMs: number) => ({ nowMs, windowMs: 60, most: 1 })
    await catalog.guesses.begin(['share:a'], bounds(10))
    const someone = new Client({ connectionString: url })
    await someone.connect()
    try {
      await someone.query('begin')
      // As another server counts one at 200.
      await someone.query("update password_guesses set times = '[200]', forget_at = 260")
      const forgetting = other.guesses.begin(['share:b'], bounds(200))
      await untilSomebodyWaits(url)
      await someone.query('commit')
      assert.equal(await forgetting, null)
    } finally {
      await someone.end()
    }
    assert.equal(await catalog.guesses.begin(['share:a'], bounds(210)), 260)
  })

  check('whoever follows the events misses none', async (fixture) => {
    const { catalog, other } = fixture
    await createBuckets(catalog, 'acme')
    const seen: number[] = []
    let after = 0
    const follow = async (): Promise<void> => {
      const found = await other.events.after(after, 1000)
      seen.push(...found.map(({ position }) => position))
      after = found.at(-1)?.position ?? after
    }
    const writing = race(fixture, async (one) => {
      await store(one, draftOf(nextId('event'), {}, inlineOf('e')))
    })
    for (let round = 0; round < 20; round += 1) await follow()
    await writing
    await follow()
    const all = await catalog.events.after(0, 1000)
    assert.deepEqual(
      seen,
      all.map(({ position }) => position),
    )
    assert.equal(all.length, RACERS + 1)
  })
})
