/**
 * Runs all writes of one turn of the event loop in one transaction, so that one fsync makes many of them durable. Each
 * write has a savepoint: one that fails takes nothing else with it. A promise settles after the COMMIT has returned.
 */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { BUSY_TIMEOUT_MS } from './open-database.ts'
import { isBusy, toStoreError } from './sqlite-error.ts'

export interface GroupCommit {
  /** `work` runs later, synchronously, inside the transaction. What it returns is resolved once it is durable. */
  write<Result>(work: () => Result): Promise<Result>
  /** Resolves when everything handed in before is settled. */
  drain(): Promise<void>
}

interface Job {
  /** Runs the work and keeps its outcome. */
  run(): void
  /** Tells the caller; `fault` replaces the outcome when the whole transaction was lost. */
  settle(fault: unknown): void
}

/** How long to leave the lock to another process before asking again; requests are served meanwhile. */
const BUSY_PAUSE_MS = 1

export function createGroupCommit(db: SqliteDatabase): GroupCommit {
  let queue: Job[] = []
  let waitingSince: number | null = null
  const transact = createTransaction(db)

  function flush(): void {
    const jobs = queue
    let fault: unknown = null
    try {
      transact(jobs)
    } catch (error) {
      if (isBusy(error) && !isTooLate()) {
        setTimeout(flush, BUSY_PAUSE_MS)
        return
      }
      fault = toStoreError(error) ?? storeUnavailable('The catalog write was lost.')
    }
    queue = []
    waitingSince = null
    for (const job of jobs) job.settle(fault)
  }

  function isTooLate(): boolean {
    waitingSince ??= performance.now()
    return performance.now() - waitingSince > BUSY_TIMEOUT_MS
  }

  function write<Result>(work: () => Result): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (queue.length === 0) setImmediate(flush)
      queue.push(createJob(work, resolve, reject))
    })
  }

  return {
    write,
    drain: () => (queue.length === 0 ? Promise.resolve() : write(() => undefined)),
  }
}

function createJob<Result>(
  work: () => Result,
  resolve: (result: Result) => void,
  reject: (error: unknown) => void,
): Job {
  let outcome: { readonly result: Result } | { readonly error: unknown } | null = null
  return {
    run() {
      try {
        outcome = { result: work() }
      } catch (error) {
        outcome = { error }
        throw error
      }
    },
    settle(fault) {
      if (outcome !== null && 'error' in outcome) reject(toStoreError(outcome.error))
      else if (fault !== null || outcome === null) reject(fault)
      else resolve(outcome.result)
    },
  }
}

/** Throws what BEGIN or COMMIT threw; the failure of a single job stays in that job. */
function createTransaction(db: SqliteDatabase): (jobs: readonly Job[]) => void {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const rollback = db.prepare('ROLLBACK')
  const savepoint = db.prepare('SAVEPOINT job')
  const release = db.prepare('RELEASE job')
  const undo = db.prepare('ROLLBACK TO job')

  /** Waiting inside SQLite would stop the whole event loop, so BEGIN asks once and the caller comes back. */
  function beginOrBusy(): void {
    db.exec('PRAGMA busy_timeout = 0')
    try {
      begin.run()
    } finally {
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }

  function runSaved(job: Job): void {
    savepoint.run()
    try {
      job.run()
    } catch (error) {
      // A full disk or a failed write may have ended the whole transaction.
      if (!db.inTransaction) throw error
      undo.run()
    }
    release.run()
  }

  return (jobs) => {
    beginOrBusy()
    try {
      for (const job of jobs) runSaved(job)
      commit.run()
    } catch (error) {
      if (db.inTransaction) rollback.run()
      throw error
    }
  }
}
