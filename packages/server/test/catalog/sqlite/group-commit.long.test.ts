/** What one transaction for many writes promises when the lock is taken, a write fails or the disk is full. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import { createGroupCommit } from '../../../src/catalog/sqlite/group-commit.ts'
import { createConnection } from '../../../src/catalog/sqlite/connection.ts'
import {
  at as path,
  bucketOf,
  commit as write,
  createBuckets,
  draftOf,
  withFixture,
} from '../../suites/catalog-fixture.ts'
import { rejectsWith } from '../../suites/blob-store-suite.ts'
import { createSqliteFixture } from './sqlite-fixture.ts'
import type { SqliteFixture } from './sqlite-fixture.ts'

function withSqlite(body: (fixture: SqliteFixture) => Promise<void>): Promise<void> {
  return withFixture(createSqliteFixture, body)
}

describe('group commit', () => {
  test('a write waits for the lock of another process while reads go on', async () => {
    await withSqlite(async ({ path: file, catalog }) => {
      await createBuckets(catalog, 'acme')
      const blocker = new Database(file)
      blocker.exec('BEGIN IMMEDIATE')
      let isSettled = false
      const writing = write(catalog, draftOf('a')).finally(() => {
        isSettled = true
      })
      for (let turn = 0; turn < 50; turn += 1) {
        assert.equal(await catalog.files.find(path('a')), null)
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
      assert.equal(isSettled, false)
      blocker.exec('COMMIT')
      blocker.close()
      assert.equal((await writing).outcome, 'committed')
    })
  })

  test('many turns of writes by two processes all succeed, and none is lost', async () => {
    await withSqlite(async ({ catalog, other }) => {
      await createBuckets(catalog, 'acme')
      const writer = async (from: typeof catalog, name: string): Promise<void> => {
        for (let at = 0; at < 100; at += 1) {
          const { outcome } = await write(from, draftOf(`${name}/${at}`))
          assert.equal(outcome, 'committed')
        }
      }
      await Promise.all([
        ...['a', 'b', 'c'].map((name) => writer(catalog, name)),
        ...['d', 'e', 'f'].map((name) => writer(other, name)),
      ])
      const query = { bucket: 'acme', prefix: '', delimiter: '', after: '', limit: 1000 }
      assert.equal((await catalog.files.list(query)).entries.length, 600)
    })
  })

  test('all writes of one turn are one transaction', async () => {
    await withSqlite(async ({ path: file, catalog }) => {
      await createBuckets(catalog, 'acme')
      const watcher = new Database(file)
      const changes = (): unknown => watcher.pragma('data_version', { simple: true })
      const seen = new Set<unknown>([changes()])
      await Promise.all(
        Array.from({ length: 50 }, async (_, at) => {
          await write(catalog, draftOf(`k${at}`))
          seen.add(changes())
        }),
      )
      assert.equal(seen.size, 2)
      watcher.close()
    })
  })

  test('a database without room is full, undone, and writable when there is room', async () => {
    await withSqlite(async ({ path }) => {
      const connection = createConnection({ path })
      const db = connection.db()
      const commit = createGroupCommit(connection)
      const insert = db.prepare(
        "INSERT INTO contents (id, kind, refs, size, bytes) VALUES (?, 'inline', 1, 0, ?)",
      )
      const count = db.prepare('SELECT count(*) FROM contents').pluck()
      const pages = Number(db.pragma('page_count', { simple: true }))
      db.pragma(`max_page_count = ${pages + 2}`)
      const small = commit.write(() => insert.run('small', Buffer.alloc(10)))
      const large = commit.write(() => insert.run('large', Buffer.alloc(1_000_000)))
      await rejectsWith('full', large)
      const kept = await small.then(
        () => 1,
        () => 0,
      )
      assert.equal(count.get(), kept)
      db.pragma('max_page_count = 100000')
      await commit.write(() => insert.run('again', Buffer.alloc(1_000_000)))
      assert.equal(count.get(), kept + 1)
      connection.close()
    })
  })

  test('what is urgent is done with the reserve, and nothing else until there is room again', async () => {
    await withSqlite(async ({ path }) => {
      const connection = createConnection({ path })
      const db = connection.db()
      let isHeld = true
      const commit = createGroupCommit(connection, {
        isHeld: () => isHeld,
        giveUp: () => {
          isHeld = false
          db.pragma('max_page_count = 100000')
        },
      })
      const insert = db.prepare(
        "INSERT INTO contents (id, kind, refs, size, bytes) VALUES (?, 'inline', 1, 0, ?)",
      )
      const count = db.prepare('SELECT count(*) FROM contents').pluck()
      const pages = Number(db.pragma('page_count', { simple: true }))
      db.pragma(`max_page_count = ${pages + 2}`)
      const bytes = Buffer.alloc(1_000_000)
      const upload = commit.write(() => insert.run('upload', bytes))
      const urgent = commit.write(() => insert.run('urgent', bytes), { isUrgent: true })
      const bug = commit.write(
        () => {
          throw new RangeError('a bug')
        },
        { isUrgent: true },
      )
      await rejectsWith('full', upload)
      await urgent
      await assert.rejects(bug, RangeError)
      assert.equal(isHeld, false)
      assert.equal(count.get(), 1)
      let isRun = false
      const early = commit.write(() => {
        isRun = true
      })
      await rejectsWith('full', early)
      assert.equal(isRun, false)
      await commit.write(() => insert.run('urgent too', bytes), { isUrgent: true })
      isHeld = true
      await commit.write(() => insert.run('upload', bytes))
      assert.equal(count.get(), 3)
      connection.close()
    })
  })

  test('a bug in a write reaches its caller as it is', async () => {
    await withSqlite(async ({ path }) => {
      const connection = createConnection({ path })
      const commit = createGroupCommit(connection)
      const bug = commit.write(() => {
        throw new RangeError('a bug')
      })
      const fine = commit.write(() => 'fine')
      await assert.rejects(bug, RangeError)
      assert.equal(await fine, 'fine')
      connection.close()
    })
  })

  test('closing waits for what was handed in', async () => {
    const { catalog, other, dispose } = await createSqliteFixture()
    const creating = catalog.buckets.create(bucketOf('acme'), null)
    await catalog.close()
    assert.equal(await creating, true)
    assert.notEqual(await other.buckets.find('acme'), null)
    await other.close()
    await dispose()
  })
})
