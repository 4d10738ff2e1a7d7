/**
 * One server a data directory, however many processes it has. The lock is the operating system's, taken by SQLite on an empty
 * file, so it goes with the last process that holds it, however that ends, on Linux, macOS and Windows alike.
 *
 * The server holds SQLite's RESERVED lock, of which there is one; each of its workers a SHARED lock beside it. A server
 * starts only where nobody holds either: workers whose server was killed are waited for, because they still finish uploads.
 */
import { closeSync, lstatSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { ConfigError } from '../config.ts'
import { codeOf } from './private-files.ts'

export interface DataLock {
  release(): void
}

const LOCK_FILE = 'server.lock'
/** A worker whose server is gone ends within eleven seconds; the rest is for a busy machine. */
const WAIT_MS = 20_000
const ASK_EVERY_MS = 50

/** Resolves once this process is the directory's only server; throws `ConfigError` if there is another. */
export async function lockDataDirectory(
  dataDir: string,
  waitMs: number = WAIT_MS,
): Promise<DataLock> {
  const db = openLockFile(dataDir)
  try {
    const attempts = Math.ceil(waitMs / ASK_EVERY_MS)
    for (let attempt = 0; ; attempt += 1) {
      if (!tryLock(db, 'IMMEDIATE')) throw inUse(dataDir, 'another server')
      db.exec('ROLLBACK')
      if (tryLock(db, 'EXCLUSIVE')) break
      if (attempt >= attempts) {
        throw inUse(dataDir, 'processes of a server that was killed, which still finish their work')
      }
      await sleep(ASK_EVERY_MS)
    }
    // SQLite cannot step down from EXCLUSIVE. Whoever comes in between has RESERVED, and this server gives way.
    db.exec('ROLLBACK')
    if (!tryLock(db, 'IMMEDIATE')) throw inUse(dataDir, 'another server')
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    throw error
  }
}

/** The lock of a worker, under the server's. Throws `ConfigError` if another server is starting. */
export function joinDataLock(dataDir: string): DataLock {
  const db = openLockFile(dataDir)
  try {
    db.exec('BEGIN')
    // The lock comes with the first read.
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return { release: () => db.close() }
  } catch (error) {
    db.close()
    if (isBusy(error)) throw inUse(dataDir, 'another server')
    throw error
  }
}

function openLockFile(dataDir: string): SqliteDatabase {
  const path = join(dataDir, LOCK_FILE)
  try {
    createPrivately(path)
    const db = new Database(path, { timeout: 0 })
    // A transaction begins the file's first page; neither that nor a journal beside it is ever to reach the disk.
    db.pragma('journal_mode = MEMORY')
    return db
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError([`The lock ${path} cannot be taken (${codeOf(error)}).`])
  }
}

/** Never opens a file that is there: closing it would take away what this process may hold on it already. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    if (!lstatSync(path).isFile()) {
      throw new ConfigError([`${path} is not a file: the server follows no link out of its data.`])
    }
  }
}

function tryLock(db: SqliteDatabase, kind: 'IMMEDIATE' | 'EXCLUSIVE'): boolean {
  try {
    db.exec(`BEGIN ${kind}`)
    return true
  } catch (error) {
    if (isBusy(error)) return false
    throw error
  }
}

function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY')
}

function inUse(dataDir: string, by: string): ConfigError {
  return new ConfigError([
    `The data directory ${dataDir} is in use by ${by}. One server has one directory; for more processes use --workers.`,
  ])
}
