/** Every table of the schema is either kept or known to be of one place alone; each is known by what tells its rows apart. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { TestContext } from 'node:test'
import type { RowCatalogPlace } from '../../src/catalog/rows/row-catalog.ts'
import { KEPT_TABLES, LOCAL_TABLES, NUMBERED_TABLES } from '../../src/catalog/rows/row-tables.ts'
import { MIGRATIONS } from '../../src/catalog/migrations/all.ts'
import { postgresRowPlace } from '../../src/catalog/postgres/postgres-rows.ts'
import { sqliteRowPlace } from '../../src/catalog/sqlite/sqlite-rows.ts'
import { makeFolder, makePlace } from './keep-fixture.ts'

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0
const PLACES: Readonly<Record<string, (t: TestContext) => Promise<RowCatalogPlace>>> = {
  sqlite: async (t) => sqliteRowPlace(join(makeFolder(t), 'catalog.db')),
  postgres: async (t) => postgresRowPlace((await makePlace(t, 'postgres')).databaseUrl ?? ''),
}

for (const [kind, make] of Object.entries(PLACES)) {
  describe(`rows of ${kind}`, () => {
    test('every table is kept, or is of one place alone', async (t) => {
      const place = await make(t)
      assert.equal(await place.version(), null)
      await place.migrate(NEWEST)
      assert.equal(await place.version(), NEWEST)
      const catalog = await place.open()
      t.after(() => catalog.close())
      await catalog.read(async (session) => {
        const listed = [...KEPT_TABLES.map(({ name }) => name), ...LOCAL_TABLES]
        assert.deepEqual((await session.tables()).toSorted(), listed.toSorted())
        for (const { name, key } of KEPT_TABLES) {
          const columns = await session.columns(name)
          for (const column of key) assert.ok(columns.includes(column), `${name} ${column}`)
        }
        for (const name of NUMBERED_TABLES) {
          assert.ok((await session.columns(name)).includes('position'), name)
        }
      })
    })

    test('rows go in as they come out, texts with any character and bytes among them', async (t) => {
      const place = await make(t)
      await place.migrate(NEWEST)
      const catalog = await place.open()
      t.after(() => catalog.close())
      const columns = [
        'id',
        'kind',
        'refs',
        'size',
        'bytes',
        'part_checksums',
        'sha256',
        'position',
      ]
      const rows = [
        ['a\u0000b\u0001c', 'inline', 1, 3, new Uint8Array([0, 255, 7]), null, null, 41],
        ['?', 'blob', 2, 9_007_199_254_740_991, null, null, 'x', 42],
      ]
      await catalog.change((session) => session.insert('contents', columns, rows))
      const found = await catalog.read(async (session) => {
        const all: unknown[] = []
        for await (const page of session.stream(
          'SELECT id, kind, refs, size, bytes, part_checksums, sha256, position FROM contents ORDER BY position',
        )) {
          all.push(...page)
        }
        return all
      })
      assert.deepEqual(
        found,
        rows.map((row) => row.map((v) => (v instanceof Uint8Array ? Buffer.from(v) : v))),
      )
    })

    test('what fails changes nothing', async (t) => {
      const place = await make(t)
      await place.migrate(NEWEST)
      const catalog = await place.open()
      t.after(() => catalog.close())
      await assert.rejects(
        catalog.change(async (session) => {
          await session.run('DELETE FROM key_epoch')
          throw new Error('on purpose')
        }),
        /on purpose/,
      )
      const left = await catalog.read((session) =>
        session.ask('SELECT count(*) AS n FROM key_epoch'),
      )
      assert.deepEqual(left, [[1]])
    })
  })
}
