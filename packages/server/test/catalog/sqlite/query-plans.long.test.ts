/** Every statement finds its rows by a key: what it costs depends on what it returns, not on how much there is. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Database } from 'better-sqlite3'
import { compileStatement } from '../../../src/catalog/sql/compile-statement.ts'
import type { SqlEngine } from '../../../src/catalog/sql/script.ts'
import { createSqlCatalog } from '../../../src/catalog/sql/sql-catalog.ts'
import { createConnection } from '../../../src/catalog/sqlite/connection.ts'
import { IN_MEMORY } from '../../../src/catalog/sqlite/open-database.ts'
import { NO_RESERVE } from '../../../src/catalog/sqlite/reserve.ts'
import { createSqliteEngine } from '../../../src/catalog/sqlite/sqlite-engine.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { systemRandom } from '../../../src/platform/random.ts'

interface Planned {
  readonly text: string
  readonly plan: readonly string[]
}

/** The statements of a catalog, each with what SQLite does for it. */
async function planAll(): Promise<Planned[]> {
  const texts = new Set<string>()
  const connection = createConnection({ path: IN_MEMORY })
  const engine = createSqliteEngine(connection, NO_RESERVE)
  const prepare: SqlEngine['prepare'] = (build) => {
    texts.add(compileStatement(build).text)
    return engine.prepare(build)
  }
  createSqlCatalog({ ...engine, prepare }, { clock: systemClock, random: systemRandom })
  const planned = [...texts].map((text) => ({ text, plan: planOf(connection.db(), text) }))
  await engine.close()
  return planned
}

function planOf(db: Database, text: string): string[] {
  const values = Array.from(text.matchAll(/\?/g), () => 1)
  const steps = db.prepare(`EXPLAIN QUERY PLAN ${text}`).all(...values) as { detail: string }[]
  return steps.map(({ detail }) => detail)
}

/** One row, rows that were found already, or tables that are read whole and are small. */
const MAY_BE_SCANNED =
  /^SCAN (CONSTANT ROW|key_epoch|held|placed|\(subquery-\d+\)|walk|buckets|mounts|installation|api_keys|access_keys|revocations|webhooks|event_readers|watch_settings|processes|damaged_blobs|scrub_round|held_files USING INDEX held_files_due)$/

/** Asked at a start, once the setting that says where blobs lie was changed. */
const OF_A_MOVED_STORE = 'select "id" from "contents" where "kind" = ? limit ?'

describe('the statements of the catalog', () => {
  test('read no table from end to end but a few that are small', async () => {
    const planned = await planAll()
    assert.ok(planned.length > 80, `${planned.length} statements`)
    for (const { text, plan } of planned) {
      if (text === OF_A_MOVED_STORE) continue
      const scans = plan.filter((step) => step.startsWith('SCAN') && !MAY_BE_SCANNED.test(step))
      assert.deepEqual(scans, [], text)
    }
  })

  test('sort nothing that could be read in order', async () => {
    for (const { text, plan } of await planAll()) {
      const sorts = plan.filter((step) => step.includes('TEMP B-TREE FOR ORDER BY'))
      // The steps of a walk are few, and are sorted by their number.
      if (sorts.length === 0 || /order by walk\.step\s*$/.test(text)) continue
      // Only those that ran out since a job filed the others, which are few.
      assert.match(text, /"expires_at" <= \?.*order by position \+ 0/s)
      assert.deepEqual(plan.slice(0, -1), [
        'SEARCH grants USING INDEX grants_open_by_end (expires_at<?)',
      ])
    }
  })

  test('list links by the question they ask, whatever else is asked', async () => {
    const lists = (await planAll()).filter(({ text }) =>
      /^select (?!count\().* from "grant_index"/s.test(text),
    )
    assert.equal(lists.length, 1)
    assert.deepEqual(lists[0]?.plan, [
      'SEARCH grant_index USING PRIMARY KEY (scope=? AND state=? AND position<?)',
      'SEARCH grants USING INTEGER PRIMARY KEY (rowid=?)',
    ])
  })
})
