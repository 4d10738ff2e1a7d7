/** Look-ups that share a transaction see what one alone would see, and fail alone. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { at, createBuckets, draftOf, store, withFixture } from '../../suites/catalog-fixture.ts'
import { createSqliteFixture } from './sqlite-fixture.ts'
import { createGroupRead } from '../../../src/catalog/sqlite/group-read.ts'
import { createConnection } from '../../../src/catalog/sqlite/connection.ts'
import type { SqliteFixture } from './sqlite-fixture.ts'

function withSqlite(body: (fixture: SqliteFixture) => Promise<void>): Promise<void> {
  return withFixture(createSqliteFixture, body)
}

describe('group read', () => {
  test('many look-ups of one turn each get their own answer', async () => {
    await withSqlite(async ({ catalog }) => {
      await createBuckets(catalog, 'acme')
      for (const key of ['a', 'b', 'c']) await store(catalog, draftOf(key))
      const keys = ['a', 'missing', 'b', 'c', 'a']
      const found = await Promise.all(keys.map((key) => catalog.files.find(at(key))))
      assert.deepEqual(
        found.map((file) => file?.key ?? null),
        ['a', null, 'b', 'c', 'a'],
      )
    })
  })

  test('a look-up sees what another process has just written, however busy this one is', async () => {
    await withSqlite(async ({ catalog, other }) => {
      await createBuckets(catalog, 'acme')
      for (let round = 0; round < 30; round += 1) {
        const noise = Promise.all([catalog.files.find(at('x')), catalog.files.find(at('y'))])
        const key = `key-${round}`
        await store(other, draftOf(key))
        const [found] = await Promise.all([
          catalog.files.find(at(key)),
          catalog.files.find(at('x')),
        ])
        assert.equal(found?.key, key)
        await noise
      }
    })
  })

  test('one that fails takes nothing else with it, and no transaction stays open', async () => {
    await withSqlite(async ({ path }) => {
      const connection = createConnection({ path })
      const db = connection.db()
      const group = createGroupRead(connection)
      const count = db.prepare('SELECT count(*) AS count FROM files')
      const results = await Promise.allSettled([
        group.read(() => count.get(), true),
        group.read(() => {
          throw new RangeError('only this one')
        }, true),
        group.read(() => count.get(), true),
      ])
      assert.deepEqual(
        results.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.equal(db.inTransaction, false)
      connection.close()
      const closed = await Promise.allSettled([
        group.read(() => count.get(), true),
        group.read(() => count.get(), true),
      ])
      assert.deepEqual(
        closed.map(({ status }) => status),
        ['rejected', 'rejected'],
      )
    })
  })
})
