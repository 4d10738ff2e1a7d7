/** The rows of a catalog file, on a connection of their own: a server over the same file goes on meanwhile. */
import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { MIGRATIONS } from '../migrations/all.ts'
import { quoted, quotedList } from '../rows/row-catalog.ts'
import type { Row, RowCatalog, RowCatalogPlace, RowSession } from '../rows/row-catalog.ts'
import { BUSY_TIMEOUT_MS, openDatabase } from './open-database.ts'
import { isBusy, toStoreError } from './sqlite-error.ts'

const PIECE_ROWS = 500
const ATTEMPTS = 30
const PAUSE_MS = 200

export function sqliteRowPlace(path: string): RowCatalogPlace {
  return {
    version: async () => (existsSync(path) ? useOnce(path, versionOf) : null),
    migrate: async (version) => {
      openDatabase(
        path,
        MIGRATIONS.filter((step) => step.version <= version),
      ).close()
    },
    open: async () => {
      if (!existsSync(path)) throw storeUnavailable(`There is no catalog at ${path}.`)
      return openRows(path)
    },
  }
}

function open(path: string): SqliteDatabase {
  try {
    const db = new Database(path, { timeout: BUSY_TIMEOUT_MS, fileMustExist: true })
    db.pragma('foreign_keys = ON')
    db.pragma('synchronous = FULL')
    db.pragma('trusted_schema = OFF')
    return db
  } catch (error) {
    throw toStoreError(error)
  }
}

function useOnce<Result>(path: string, work: (db: SqliteDatabase) => Result): Result {
  const db = open(path)
  try {
    return work(db)
  } catch (error) {
    throw toStoreError(error)
  } finally {
    db.close()
  }
}

function versionOf(db: SqliteDatabase): number {
  return Number(db.pragma('user_version', { simple: true }))
}

function openRows(path: string): RowCatalog {
  const db = open(path)
  const session = sessionOf(db)

  async function within<Result>(
    begin: string,
    work: (session: RowSession) => Promise<Result>,
  ): Promise<Result> {
    try {
      await beginPatiently(db, begin)
      const result = await work(session)
      db.exec('COMMIT')
      return result
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw toStoreError(error)
    }
  }

  return {
    kind: 'sqlite',
    version: async () => versionOf(db),
    faults: async () =>
      db
        .prepare<[], [string]>('PRAGMA integrity_check')
        .raw(true)
        .all()
        .map(([found]) => found)
        .filter((found) => found !== 'ok'),
    read: (work) =>
      within('BEGIN', async (within) => {
        // The state is that of the first read.
        db.prepare('SELECT count(*) FROM sqlite_schema').get()
        return work(within)
      }),
    change: (work) => within('BEGIN IMMEDIATE', work),
    close: async () => {
      db.close()
    },
  }
}

/** A busy server leaves little room between two of its transactions, and SQLite keeps no queue. */
async function beginPatiently(db: SqliteDatabase, begin: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      db.exec(begin)
      return
    } catch (error) {
      if (!isBusy(error) || attempt === ATTEMPTS) throw error
      await sleep(PAUSE_MS)
    }
  }
}

function sessionOf(db: SqliteDatabase): RowSession {
  const columns = (table: string): readonly string[] =>
    db
      .prepare<[], { name: string; hidden: number }>(`PRAGMA table_xinfo(${quoted(table)})`)
      .all()
      .filter(({ hidden }) => hidden === 0)
      .map(({ name }) => name)
  return {
    ask: async (text, values = []) =>
      db
        .prepare<unknown[], Row>(text)
        .raw(true)
        .all(...values),
    run: async (text, values = []) => db.prepare(text).run(...values).changes,
    stream: (text) => pieces(db, text),
    insert: async (table, names, rows) => {
      const places = names.map(() => '?').join(', ')
      const insert = db.prepare(
        `INSERT INTO ${quoted(table)} (${quotedList(names)}) VALUES (${places})`,
      )
      for (const row of rows) insert.run(...row)
    },
    columns: async (table) => columns(table),
    tables: async () =>
      db
        .prepare<[], { name: string }>(
          "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
        )
        .all()
        .map(({ name }) => name),
    numbers: async () =>
      Object.fromEntries(
        db.prepare<[], [string, number]>('SELECT name, seq FROM sqlite_sequence').raw(true).all(),
      ),
    setNumbers: async (numbers) => {
      for (const [name, last] of Object.entries(numbers)) setNumber(db, name, last)
    },
  }
}

/** Of a table that SQLite numbers by itself: others take the number behind their last row. */
function setNumber(db: SqliteDatabase, table: string, last: number): void {
  const made = db
    .prepare<[string], { sql: string }>('SELECT sql FROM sqlite_schema WHERE name = ?')
    .get(table)
  if (made?.sql.includes('AUTOINCREMENT') !== true) return
  const known = db
    .prepare('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?')
    .run(last, table)
  if (known.changes === 0) {
    db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last)
  }
}

async function* pieces(db: SqliteDatabase, text: string): AsyncGenerator<readonly Row[]> {
  let piece: Row[] = []
  for (const row of db.prepare<[], Row>(text).raw(true).iterate()) {
    piece.push(row)
    if (piece.length < PIECE_ROWS) continue
    yield piece
    piece = []
  }
  if (piece.length > 0) yield piece
}
