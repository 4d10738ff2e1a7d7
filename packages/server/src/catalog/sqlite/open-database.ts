/** Opens the catalog file with the settings every promise of the catalog rests on. */
import { closeSync, constants, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { MIGRATIONS } from '../migrations/all.ts'
import type { Migration } from '../migrations/migration.ts'
import { migrate } from './migrate.ts'
import { isBusy, toStoreError } from './sqlite-error.ts'

/** How long a read or a start waits for another process. */
export const BUSY_TIMEOUT_MS = 10_000
/** No file: gone with the connection. */
export const IN_MEMORY = ':memory:'
const OPEN_ATTEMPTS = 200
const OPEN_PAUSE_MS = 50
/** Pages written to the log before they are copied into the file. A larger log folds repeated writes of a page into one. */
const CHECKPOINT_PAGES = 4000
const WAL_LIMIT_BYTES = 64 * 1024 ** 2
const CACHE_KIB = 32 * 1024

export function openDatabase(
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): SqliteDatabase {
  try {
    if (path !== IN_MEMORY) createPrivateFile(path)
    const db = new Database(path, { timeout: BUSY_TIMEOUT_MS })
    try {
      retryWhileBusy(() => configure(db))
      migrate(db, migrations)
      return db
    } catch (error) {
      db.close()
      throw error
    }
  } catch (error) {
    throw toStoreError(error)
  }
}

/** Made before SQLite sees it, because SQLite gives its log and lock files the mode of the file itself. */
function createPrivateFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)
  closeSync(openSync(path, flags, 0o600))
}

function configure(db: SqliteDatabase): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`)
  db.pragma(`journal_size_limit = ${WAL_LIMIT_BYTES}`)
  db.pragma(`cache_size = -${CACHE_KIB}`)
}

/** Turning the log on takes a lock for which SQLite does not wait: two processes may start on a fresh file at once. */
function retryWhileBusy(action: () => void): void {
  for (let attempt = 1; ; attempt += 1) {
    try {
      action()
      return
    } catch (error) {
      if (!isBusy(error) || attempt === OPEN_ATTEMPTS) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, OPEN_PAUSE_MS)
    }
  }
}
