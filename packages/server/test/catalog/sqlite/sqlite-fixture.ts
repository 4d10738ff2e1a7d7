/** One catalog file in a folder of its own, opened twice; and one in memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IN_MEMORY } from '../../../src/catalog/sqlite/open-database.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { openMigrated } from '../../support/open-migrated.ts'
import type { CatalogFixture } from '../../suites/catalog-fixture.ts'

export interface SqliteFixture extends CatalogFixture {
  readonly path: string
}

export async function createSqliteFixture(): Promise<SqliteFixture> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-catalog-'))
  const path = join(folder, 'data', 'catalog.db')
  let now = 0
  const clock = { now: () => now }
  return {
    path,
    catalog: createSqliteCatalog({ path, clock, reserveBytes: 0 }),
    other: createSqliteCatalog({ path, clock, reserveBytes: 0 }),
    setNow: (nowMs) => void (now = nowMs),
    dispose: () => rm(folder, { recursive: true }),
  }
}

/** A catalog in memory, which no other process can open. */
export async function createMemoryFixture(): Promise<CatalogFixture> {
  let now = 0
  const catalog = createSqliteCatalog({
    path: IN_MEMORY,
    clock: { now: () => now },
    open: openMigrated,
  })
  const setNow = (nowMs: number): void => void (now = nowMs)
  return { catalog, other: catalog, setNow, dispose: async () => undefined }
}
