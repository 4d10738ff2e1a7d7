/**
 * Runs the reads of one turn of the event loop in one read transaction. Taking and giving back SQLite's shared lock
 * costs several times as much as finding a row, and a busy server asks for many rows a turn.
 *
 * The transaction begins after the last of its reads was asked for, so each of them sees every write that was
 * acknowledged before it began, by whichever process.
 */
import type { Connection } from './connection.ts'
import { toStoreError } from './sqlite-error.ts'

export interface GroupRead {
  /** `work` runs later, synchronously, inside the transaction; with `isSingle` it is one statement, which alone needs none. */
  read<Result>(work: () => Result, isSingle: boolean): Promise<Result>
}

interface Job {
  readonly work: () => unknown
  readonly isSingle: boolean
  resolve(result: unknown): void
  reject(error: unknown): void
}

export function createGroupRead(connection: Connection): GroupRead {
  const begin = connection.prepare('BEGIN')
  const commit = connection.prepare('COMMIT')
  const rollback = connection.prepare('ROLLBACK')
  let queue: Job[] = []

  function flush(): void {
    const jobs = queue
    queue = []
    const isAlone = jobs.length === 1 && jobs[0]?.isSingle === true
    const isGroup = !isAlone && beginGroup()
    for (const job of jobs) run(job)
    if (isGroup) endGroup()
  }

  function run(job: Job): void {
    try {
      connection.db()
      job.resolve(job.work())
    } catch (error) {
      job.reject(toStoreError(error))
    }
  }

  /** False if there can be no transaction now: then each read says itself what is wrong. */
  function beginGroup(): boolean {
    try {
      connection.db()
      begin.statement.run()
      return true
    } catch {
      return false
    }
  }

  /** The reads have settled and nothing was written: all that is left is to give the lock back. */
  function endGroup(): void {
    try {
      commit.statement.run()
    } catch {
      if (connection.db().inTransaction) rollback.statement.run()
    }
  }

  return {
    read: (work, isSingle) =>
      new Promise((resolve, reject) => {
        if (queue.length === 0) setImmediate(flush)
        queue.push({ work, isSingle, resolve, reject })
      }),
  }
}
