/** Turns SQLite's result codes into the four faults a driver may throw. */
import Database from 'better-sqlite3'
import { FENCED } from '../rows/change-log.ts'
import {
  StoreError,
  storeConflict,
  storeCorrupt,
  storeFull,
  storeUnavailable,
} from '../../platform/store-errors.ts'

const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|IOERR|NOMEM|CANTOPEN|READONLY|PROTOCOL)/
const CONFLICT = /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)/
const CORRUPT = /^SQLITE_(CORRUPT|NOTADB|FORMAT)/

/** A StoreError for what a store may meet; anything else comes back as it is, being a bug. */
export function toStoreError(error: unknown): unknown {
  if (error instanceof StoreError || !(error instanceof Database.SqliteError)) return error
  if (error.code === 'SQLITE_FULL') return catalogFull(error)
  if (error.message === FENCED) {
    return storeUnavailable('The catalog was moved, and takes no more writes.', error)
  }
  if (UNAVAILABLE.test(error.code)) {
    return storeUnavailable(`The catalog cannot answer now (${error.code}).`, error)
  }
  if (CONFLICT.test(error.code)) {
    return storeConflict(`The catalog holds such a row already (${error.code}).`, error)
  }
  if (CORRUPT.test(error.code)) {
    return storeCorrupt(`The catalog file is damaged (${error.code}).`, error)
  }
  return error
}

export function catalogFull(cause?: unknown): StoreError {
  return storeFull('There is no room left for the catalog.', cause)
}

/** Another process holds the lock; waiting helps. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')
}

/** There is no room for what was to be written. */
export function isFull(error: unknown): boolean {
  if (error instanceof StoreError) return error.fault === 'full'
  return error instanceof Database.SqliteError && error.code === 'SQLITE_FULL'
}
