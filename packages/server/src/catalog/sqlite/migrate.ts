/** Brings a catalog file to the schema of this version: forward only, all steps in one transaction. */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { storeConflict } from '../../platform/store-errors.ts'
import { MIGRATIONS } from '../migrations/all.ts'
import type { Migration } from '../migrations/migration.ts'
import { scopesOfGrant } from '../sql/grant-scopes.ts'

/** Marks the file as ours: "hall" in ASCII. */
const APPLICATION_ID = 0x68_61_6c_6c

/** A file of a later version, or of another program, is refused untouched with a StoreConflict. */
export function migrate(db: SqliteDatabase, migrations: readonly Migration[] = MIGRATIONS): void {
  const newest = migrations.at(-1)?.version ?? 0
  if (readVersion(db, newest) === newest) return
  defineFunctions(db)
  db.transaction(() => {
    // Read again: another process may have migrated while this one waited for the lock.
    const version = readVersion(db, newest)
    for (const migration of migrations) {
      if (migration.version > version) db.exec(migration.sqlite)
    }
    db.pragma(`application_id = ${APPLICATION_ID}`)
    db.pragma(`user_version = ${newest}`)
  }).immediate()
}

/** What migrations compute that SQLite cannot. */
function defineFunctions(db: SqliteDatabase): void {
  db.function('base64_of_hex', { deterministic: true }, (hex) =>
    Buffer.from(String(hex), 'hex').toString('base64'),
  )
  db.function('text_of_bytes', { deterministic: true }, (bytes) => textOfBytes(String(bytes)))
  db.function('texts_of_bytes', { deterministic: true }, (json) =>
    json === null ? null : textsOfBytes(String(json)),
  )
  db.table('scopes_of_grant', {
    columns: ['scope'],
    parameters: ['path', 'created_by'],
    *rows(path, createdBy) {
      // Those that were there before pages for people were.
      const question = { createdBy: String(createdBy), isShare: false }
      for (const scope of scopesOfGrant(String(path), question)) yield [scope]
    },
  })
}

/** The text whose UTF-8 was kept one character a byte; what is none stays as it is. */
function textOfBytes(kept: string): string {
  const bytes = Buffer.from(kept, 'latin1')
  const text = bytes.toString()
  return bytes.toString('latin1') === kept && Buffer.from(text).equals(bytes) ? text : kept
}

/** The same for every value of an object. */
function textsOfBytes(json: string): string {
  const value = JSON.parse(json) as Readonly<Record<string, string>>
  const entries = Object.entries(value).map(([name, kept]) => [name, textOfBytes(kept)])
  return JSON.stringify(Object.fromEntries(entries))
}

function readVersion(db: SqliteDatabase, newest: number): number {
  const version = Number(db.pragma('user_version', { simple: true }))
  const owner = Number(db.pragma('application_id', { simple: true }))
  const isEmpty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined
  if (owner !== APPLICATION_ID && !isEmpty) {
    throw storeConflict('The catalog file belongs to another program.')
  }
  if (version > newest) {
    throw storeConflict(
      `The catalog has schema ${version}; this version of Hallpass knows ${newest}. Use a newer Hallpass.`,
    )
  }
  return version
}
