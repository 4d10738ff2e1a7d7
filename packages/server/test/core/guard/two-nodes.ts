/**
 * Two processes over one data folder, as far as core can tell, under one clock that the test moves either way. The folder and the
 * connections to it last for a whole run: opening them and preparing their statements takes several times as long as a sequence. Before each
 * the catalog is what it was after a first start, and the processes remember nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import type { Database } from 'better-sqlite3'
import type { BlobStore } from '../../../src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { openDatabase } from '../../../src/catalog/sqlite/open-database.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { createNode, seedCore } from '../../support/core.ts'
import type { TestCore } from '../../support/core.ts'

export type Node = Omit<TestCore, 'signingKeyId'>

export interface TwoNodes {
  readonly nodes: readonly [Node, Node]
  readonly clock: { now(): number; advance(ms: number): void }
}

export interface World {
  /** Two that nobody has asked anything yet. */
  begin(): TwoNodes
  close(): Promise<void>
}

const START = Date.UTC(2026, 2, 14, 9, 26, 53)

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-two-'))
  const path = join(folder, 'catalog.db')
  let now = START
  const clock = { now: () => now, advance: (ms: number) => void (now += ms) }
  const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })
  const open = (file: string): Database => {
    const db = openDatabase(file)
    // Nobody pulls the plug here.
    db.pragma('synchronous = OFF')
    return db
  }
  const openCatalog = (): Catalog => createSqliteCatalog({ path, clock, open, reserveBytes: 0 })
  const catalogs = [openCatalog(), openCatalog()] as const
  const start = (catalog: Catalog, processId: string, store: BlobStore): Node =>
    createNode({ catalog, blobs: store, clock, sleep: () => setImmediate(), processId })
  await seedCore(start(catalogs[0], 'first', blobs))
  const db = open(path)
  const restore = rememberRows(db)
  return {
    begin: () => {
      now = START
      restore()
      return { nodes: [start(catalogs[0], 'one', blobs), start(catalogs[1], 'two', blobs)], clock }
    },
    close: async () => {
      db.close()
      for (const catalog of catalogs) await catalog.close()
      await blobs.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What brings every table back to the rows that it has at the moment. */
function rememberRows(db: Database): () => void {
  const names = db
    .prepare<[], string>(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT GLOB 'sqlite_*'`,
    )
    .pluck()
    .all()
  const tables = names.map((name) => {
    const rows = db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${name}`).all()
    const columns = db
      .prepare<[], { name: string; hidden: number }>(`PRAGMA table_xinfo(${name})`)
      .all()
      .filter(({ hidden }) => hidden === 0)
      .map((column) => column.name)
    const values = columns.map((column) => `@${column}`)
    const insert = `INSERT INTO ${name} (${columns.join()}) VALUES (${values.join()})`
    return { empty: db.prepare(`DELETE FROM ${name}`), insert: db.prepare(insert), rows }
  })
  db.pragma('foreign_keys = OFF')
  return db.transaction(() => {
    for (const { empty } of tables) empty.run()
    for (const { insert, rows } of tables) for (const row of rows) insert.run(row)
  })
}
