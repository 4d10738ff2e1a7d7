/**
 * Runs the look-ups of one turn of the event loop in one read transaction. Taking and giving back SQLite's shared lock
 * costs several times as much as finding a row, and a busy server asks for many rows a turn.
 *
 * The transaction begins after the last of its look-ups was asked for, so each of them sees every write that was
 * acknowledged before it began, by whichever process.
 */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { toStoreError } from './sqlite-error.ts'

export interface GroupRead {
  /** `work` runs later, synchronously, inside the transaction. */
  read<Result>(work: () => Result): Promise<Result>
}

type Job = () => void

export function createGroupRead(db: SqliteDatabase): GroupRead {
  const begin = db.prepare('BEGIN')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  let queue: Job[] = []

  function flush(): void {
    const jobs = queue
    queue = []
    // One look-up alone is a transaction of its own.
    const isGroup = jobs.length > 1 && beginGroup()
    for (const job of jobs) job()
    if (isGroup) endGroup()
  }

  /** False if there can be no transaction now: then each look-up says itself what is wrong. */
  function beginGroup(): boolean {
    try {
      begin.run()
      return true
    } catch {
      return false
    }
  }

  /** The look-ups have settled and nothing was written: all that is left is to give the lock back. */
  function endGroup(): void {
    try {
      commit.run()
    } catch {
      if (db.inTransaction) rollback.run()
    }
  }

  return {
    read: (work) =>
      new Promise((resolve, reject) => {
        if (queue.length === 0) setImmediate(flush)
        queue.push(() => {
          try {
            resolve(work())
          } catch (error) {
            reject(toStoreError(error))
          }
        })
      }),
  }
}
