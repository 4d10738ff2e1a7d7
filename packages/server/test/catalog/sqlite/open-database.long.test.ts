/** Whose file it is, who may read it, and which schema it has. */
import assert from 'node:assert/strict'
import { stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, test } from 'node:test'
import Database from 'better-sqlite3'
import { MIGRATIONS } from '../../../src/catalog/migrations/all.ts'
import { migrate } from '../../../src/catalog/sqlite/migrate.ts'
import { openDatabase } from '../../../src/catalog/sqlite/open-database.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'
import type { StoreFault } from '../../../src/platform/store-errors.ts'
import { bucketOf } from '../../suites/catalog-fixture.ts'
import { createSqliteFixture } from './sqlite-fixture.ts'
import type { SqliteFixture } from './sqlite-fixture.ts'

async function withClosed(body: (fixture: SqliteFixture) => Promise<void> | void): Promise<void> {
  const fixture = await createSqliteFixture()
  await fixture.catalog.close()
  await fixture.other.close()
  try {
    await body(fixture)
  } finally {
    await fixture.dispose()
  }
}

function withFault(fault: StoreFault, message: RegExp) {
  return (error: unknown): boolean =>
    error instanceof StoreError && error.fault === fault && message.test(error.message)
}

describe('the catalog file', () => {
  test('is made for its owner alone, with its folder', async () => {
    const fixture = await createSqliteFixture()
    await fixture.catalog.buckets.create(bucketOf('acme'), null)
    for (const suffix of ['', '-wal', '-shm']) {
      assert.equal((await stat(`${fixture.path}${suffix}`)).mode & 0o777, 0o600)
    }
    assert.equal((await stat(dirname(fixture.path))).mode & 0o777, 0o700)
    await fixture.catalog.close()
    await fixture.other.close()
    await fixture.dispose()
  })

  test('writes ahead to a log and syncs every commit', async () => {
    await withClosed(({ path }) => {
      const db = openDatabase(path)
      const setting = (name: string): unknown => db.pragma(name, { simple: true })
      assert.equal(setting('journal_mode'), 'wal')
      assert.equal(setting('synchronous'), 2)
      assert.equal(setting('foreign_keys'), 1)
      assert.equal(setting('encoding'), 'UTF-8')
      db.close()
    })
  })

  test('keeps what was written when it is opened again', async () => {
    const fixture = await createSqliteFixture()
    await fixture.catalog.buckets.create(bucketOf('acme', { createdAt: 7 }), null)
    await fixture.catalog.close()
    await fixture.other.close()
    const reopened = createSqliteCatalog({ path: fixture.path })
    assert.deepEqual(await reopened.buckets.find('acme'), bucketOf('acme', { createdAt: 7 }))
    await reopened.close()
    await fixture.dispose()
  })

  test('a link in its place is not followed', async () => {
    await withClosed(async ({ path }) => {
      const link = join(dirname(path), 'link.db')
      await symlink(path, link)
      assert.throws(() => openDatabase(link), { code: 'ELOOP' })
    })
  })

  test('that is no database is corrupt and stays as it is', async () => {
    await withClosed(async ({ path }) => {
      const strange = join(dirname(path), 'strange.db')
      await writeFile(strange, 'x'.repeat(8192))
      assert.throws(() => openDatabase(strange), withFault('corrupt', /SQLITE_NOTADB/))
      assert.equal((await stat(strange)).size, 8192)
    })
  })

  test('that lost its end is corrupt', async () => {
    await withClosed(async ({ path }) => {
      await truncate(path, 8192)
      assert.throws(() => {
        const db = openDatabase(path)
        db.prepare('SELECT * FROM files').all()
      })
    })
  })
})

describe('migrations', () => {
  test('are numbered in their order, and no number is given twice', () => {
    const versions = MIGRATIONS.map(({ version }) => version)
    assert.deepEqual(
      versions,
      [...new Set(versions)].toSorted((a, b) => a - b),
    )
  })

  test('make every table strict', async () => {
    await withClosed(({ path }) => {
      const db = openDatabase(path)
      const tables = db.pragma('table_list') as { name: string; strict: number; type: string }[]
      const loose = tables.filter(({ name, strict }) => !name.startsWith('sqlite_') && strict === 0)
      assert.deepEqual(loose, [])
      db.close()
    })
  })

  test('run once, and later only those that are missing', () => {
    const db = new Database(':memory:')
    const first = {
      version: 1,
      name: 'one',
      postgres: '',
      sqlite: 'CREATE TABLE one (a INTEGER) STRICT;',
    }
    const second = {
      version: 2,
      name: 'two',
      postgres: '',
      sqlite: 'CREATE TABLE two (a INTEGER) STRICT;',
    }
    migrate(db, [first])
    migrate(db, [first])
    migrate(db, [first, second])
    assert.equal(db.pragma('user_version', { simple: true }), 2)
    db.close()
  })

  test('that fail leave the file at its old schema', () => {
    const db = new Database(':memory:')
    const good = {
      version: 1,
      name: 'good',
      postgres: '',
      sqlite: 'CREATE TABLE one (a INTEGER) STRICT;',
    }
    const bad = {
      version: 2,
      name: 'bad',
      postgres: '',
      sqlite: 'CREATE TABLE two (a INTEGER); nonsense;',
    }
    migrate(db, [good])
    assert.throws(() => migrate(db, [good, bad]))
    assert.equal(db.pragma('user_version', { simple: true }), 1)
    assert.equal(db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'two'").get(), undefined)
    db.close()
  })

  test('take headers kept as bytes for the text that they are, and keep links in their places', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 2))
    const bytes = Buffer.from('日本').toString('latin1')
    db.exec("INSERT INTO buckets (name, created_at) VALUES ('acme', 1)")
    const insert = db.prepare(
      `INSERT INTO files VALUES ('acme', ?, ?, 'null', 0, 'e', '', '', 'text/plain', ?, ?, NULL, 1, 1, 'c', 'inline')`,
    )
    insert.run(
      'a',
      'file_a',
      JSON.stringify({ contentLanguage: bytes }),
      JSON.stringify({ n: bytes }),
    )
    insert.run('b', 'file_b', null, JSON.stringify({ n: 'caf\u00E9', plain: 'x' }))
    const grant = db.prepare(
      `INSERT INTO grants (position, id, method, bucket, key, signing_key_id, created_at, created_by, expires_at, uses,
        content_types) VALUES (?, ?, ?, 'acme', 'a', 's', 1, 'c', 2, 0, '[]')`,
    )
    grant.run(7, 'link_a', 'GET')
    grant.run(9, 'link_b', 'PUT')
    migrate(db)
    assert.deepEqual(db.prepare('SELECT headers, metadata FROM files ORDER BY key').raw().all(), [
      ['{"contentLanguage":"日本"}', '{"n":"日本"}'],
      [null, '{"n":"café","plain":"x"}'],
    ])
    assert.deepEqual(db.prepare('SELECT position, id, path FROM grants').raw().all(), [
      [7, 'link_a', 'acme/a'],
      [9, 'link_b', 'acme/a'],
    ])
    db.prepare("UPDATE grants SET method = 'POST' WHERE id = 'link_b'").run()
    db.close()
  })

  test('give the right to publish to every key that administrates, and to no other', () => {
    const db = new Database(':memory:')
    migrate(db, MIGRATIONS.slice(0, 14))
    const insert = db.prepare(
      "INSERT INTO api_keys (id, name, secret_hash, scope, created_at, created_by) VALUES (?, 'n', ?, ?, 1, 'c')",
    )
    const scopeOf = (...actions: string[]): string =>
      JSON.stringify({ actions, pathPrefix: 'admin/', cidrs: [] })
    insert.run('a', 'a', scopeOf('read', 'admin'))
    insert.run('b', 'b', scopeOf('read', 'write', 'share'))
    migrate(db)
    assert.deepEqual(db.prepare('SELECT scope FROM api_keys ORDER BY id').pluck().all(), [
      scopeOf('read', 'admin', 'publish'),
      scopeOf('read', 'write', 'share'),
    ])
    db.close()
  })

  test('refuse a file of a later version and leave it alone', async () => {
    await withClosed(({ path }) => {
      const db = new Database(path)
      db.pragma('user_version = 999')
      db.close()
      assert.throws(() => openDatabase(path), withFault('conflict', /schema 999/))
    })
  })

  test('refuse a database of another program', async () => {
    await withClosed(async ({ path }) => {
      const foreign = join(dirname(path), 'foreign.db')
      const db = new Database(foreign)
      db.exec('CREATE TABLE theirs (a)')
      db.close()
      assert.throws(() => openDatabase(foreign), withFault('conflict', /another program/))
    })
  })
})
