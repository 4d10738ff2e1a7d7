/**
 * The open catalog file. After a commit that failed it is opened anew: what a failed sync left in memory and at the end of
 * the log is trusted by nobody. Statements are prepared again on the new connection and keep their identity.
 */
import type { Database as SqliteDatabase, Statement as SqliteStatement } from 'better-sqlite3'
import { IN_MEMORY, openDatabase } from './open-database.ts'
import { isBusy, toStoreError } from './sqlite-error.ts'

export interface Prepared<Row = unknown> {
  /** On the connection of the moment. */
  readonly statement: SqliteStatement<unknown[], Row>
}

export interface Connection {
  readonly path: string
  /** Throws a StoreError if the file could not be opened anew so far. */
  db(): SqliteDatabase
  prepare<Row = unknown>(text: string): Prepared<Row>
  /** The connection is given up. The next use opens another. */
  discard(): void
  close(): void
}

export interface ConnectionOptions {
  readonly path: string
  readonly open?: (path: string) => SqliteDatabase
}

export function createConnection({ path, open = openDatabase }: ConnectionOptions): Connection {
  const prepared: { readonly text: string; statement: SqliteStatement<unknown[], never> }[] = []
  let current: SqliteDatabase | null = open(path)
  let isClosed = false

  function reopen(): SqliteDatabase {
    const db = open(path)
    try {
      overwriteEndOfLog(db)
      for (const each of prepared) each.statement = db.prepare(each.text)
    } catch (error) {
      db.close()
      throw toStoreError(error)
    }
    current = db
    return db
  }

  return {
    path,
    db: () => current ?? reopen(),
    prepare<Row>(text: string) {
      const statement = (current ?? reopen()).prepare<unknown[], Row>(text)
      const entry = { text, statement }
      prepared.push(entry as (typeof prepared)[number])
      return entry
    },
    discard() {
      // What is in memory alone would be lost, and knows no sync that could fail.
      if (path === IN_MEMORY || isClosed) return
      closeQuietly(current)
      current = null
    },
    close() {
      isClosed = true
      current?.close()
    },
  }
}

/**
 * The frames of a commit that was reported as failed may lie whole at the end of the log, and a crash would bring them back
 * to life. The next commit is written over them: so one is made.
 */
function overwriteEndOfLog(db: SqliteDatabase): void {
  try {
    db.pragma(`user_version = ${Number(db.pragma('user_version', { simple: true }))}`)
  } catch (error) {
    // Then another process is committing.
    if (!isBusy(error)) throw error
  }
}

function closeQuietly(db: SqliteDatabase | null): void {
  try {
    db?.close()
  } catch {
    // It is given up because it fails.
  }
}
