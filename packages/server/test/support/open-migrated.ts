import Database from 'better-sqlite3'
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { IN_MEMORY, openDatabase } from '../../src/catalog/sqlite/open-database.ts'

let migrated: Buffer | null = null

/** A catalog in memory, as `openDatabase` opens one; it is migrated once and copied from then on, because every test wants its own. */
export function openMigrated(): SqliteDatabase {
  if (migrated === null) {
    const first = openDatabase(IN_MEMORY)
    migrated = first.serialize()
    first.close()
  }
  const db = new Database(migrated)
  db.pragma('foreign_keys = ON')
  db.pragma('trusted_schema = OFF')
  return db
}
