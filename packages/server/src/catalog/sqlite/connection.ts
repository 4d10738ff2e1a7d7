/** What every part of the catalog works with: the open file, its queue of writes, and reads that translate faults. */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import type { Clock } from '../../platform/clock.ts'
import type { GroupCommit } from './group-commit.ts'
import type { GroupRead } from './group-read.ts'
import { toStoreError } from './sqlite-error.ts'

export interface Connection {
  readonly db: SqliteDatabase
  readonly commit: GroupCommit
  /** For the look-ups that nearly every request makes; others are made at once. */
  readonly lookUp: GroupRead
  readonly clock: Clock
}

/** Reads are synchronous inside; the promise is the port's. */
export function read<Result>(work: () => Result): Promise<Result> {
  try {
    return Promise.resolve(work())
  } catch (error) {
    return Promise.reject(toStoreError(error))
  }
}
