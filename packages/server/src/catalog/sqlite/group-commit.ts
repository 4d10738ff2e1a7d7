/**
 * Runs all writes of one turn of the event loop in one transaction, so that one fsync makes many of them durable. Each
 * write has a savepoint: one that fails takes nothing else with it. A promise settles after the COMMIT has returned.
 *
 * A transaction that fails as a whole may have reached the disk or not: its writes are reported as failed, nobody relies on
 * either, and the connection is opened anew. One for which there was no room is undone; what is urgent is done once more
 * with the reserve.
 */
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { WriteOptions } from '../sql/script.ts'
import type { Connection } from './connection.ts'
import { BUSY_TIMEOUT_MS } from './open-database.ts'
import type { Reserve } from './reserve.ts'
import { NO_RESERVE } from './reserve.ts'
import { catalogFull, isBusy, isFull, toStoreError } from './sqlite-error.ts'

export interface GroupCommit {
  /** `work` runs later, synchronously, inside the transaction. What it returns is resolved once it is durable. */
  write<Result>(work: () => Result, options?: WriteOptions): Promise<Result>
  /** Resolves when everything handed in before is settled. */
  drain(): Promise<void>
}

interface Job {
  readonly isUrgent: boolean
  /** Runs the work and keeps its outcome. */
  run(): void
  /** The error of the last run, if it failed. */
  error(): unknown
  /** Tells the caller; `fault` replaces the outcome when the whole transaction was lost. */
  settle(fault: unknown): void
}

/** How long to leave the lock to another process before asking again; requests are served meanwhile. */
const BUSY_PAUSE_MS = 1

export function createGroupCommit(
  connection: Connection,
  reserve: Reserve = NO_RESERVE,
): GroupCommit {
  let queue: Job[] = []
  let waitingSince: number | null = null
  const attempt = createAttempt(connection, reserve)

  function flush(): void {
    const jobs = queue
    try {
      attempt(jobs)
    } catch (error) {
      if (isBusy(error) && !isTooLate()) {
        setTimeout(flush, BUSY_PAUSE_MS)
        return
      }
      for (const job of jobs) job.settle(toFault(error))
    }
    queue = []
    waitingSince = null
  }

  function isTooLate(): boolean {
    waitingSince ??= performance.now()
    return performance.now() - waitingSince > BUSY_TIMEOUT_MS
  }

  function write<Result>(work: () => Result, options: WriteOptions = {}): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (queue.length === 0) setImmediate(flush)
      queue.push(createJob(work, { resolve, reject, isUrgent: options.isUrgent ?? false }))
    })
  }

  return {
    write,
    drain: () =>
      queue.length === 0 ? Promise.resolve() : write(() => undefined, { isUrgent: true }),
  }
}

/** Settles every job, or throws what kept the transaction from beginning. */
function createAttempt(connection: Connection, reserve: Reserve): (jobs: readonly Job[]) => void {
  const transact = createTransaction(connection)

  /** What became of the transaction as a whole: `null` if it is durable. */
  function commit(jobs: readonly Job[]): unknown {
    if (jobs.length === 0) return null
    try {
      transact(jobs)
      return null
    } catch (error) {
      if (isBusy(error)) throw error
      if (!isFull(error)) connection.discard()
      return toFault(error)
    }
  }

  function commitWithReserve(jobs: readonly Job[]): void {
    reserve.giveUp()
    shortenLog(connection)
    let fault: unknown
    try {
      fault = commit(jobs)
    } catch (error) {
      fault = toFault(error)
    }
    for (const job of jobs) job.settle(fault)
    shortenLog(connection)
  }

  return (jobs) => {
    const isPressed = !reserve.isHeld()
    const fault = commit(isPressed ? jobs.filter((job) => job.isUrgent) : jobs)
    const starved: Job[] = []
    for (const job of jobs) {
      const isFullNow = isFull(fault) || isFull(job.error())
      if (isPressed && !job.isUrgent) job.settle(catalogFull())
      else if (job.isUrgent && isFullNow) starved.push(job)
      else job.settle(fault)
    }
    if (starved.length > 0) commitWithReserve(starved)
    else if (isPressed) shortenLog(connection)
  }
}

/** The pages in the log go into the file, so that the log begins anew instead of growing. */
function shortenLog(connection: Connection): void {
  try {
    connection.db().pragma('wal_checkpoint(PASSIVE)')
  } catch {
    // There may be no room even for that.
  }
}

function toFault(error: unknown): unknown {
  return toStoreError(error) ?? storeUnavailable('The catalog write was lost.')
}

interface JobOptions<Result> {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
  readonly isUrgent: boolean
}

type Outcome<Result> = { readonly result: Result } | { readonly error: unknown }

function createJob<Result>(
  work: () => Result,
  { resolve, reject, isUrgent }: JobOptions<Result>,
): Job {
  let outcome: Outcome<Result> | null = null
  const failure = (): unknown => (outcome !== null && 'error' in outcome ? outcome.error : null)
  return {
    isUrgent,
    run() {
      try {
        outcome = { result: work() }
      } catch (error) {
        outcome = { error }
        throw error
      }
    },
    error: failure,
    settle(fault) {
      if (failure() !== null) reject(toStoreError(failure()))
      else if (fault !== null || outcome === null) reject(fault)
      else if ('result' in outcome) resolve(outcome.result)
    },
  }
}

/** Throws what BEGIN or COMMIT threw; the failure of a single job stays in that job. */
function createTransaction(connection: Connection): (jobs: readonly Job[]) => void {
  const begin = connection.prepare('BEGIN IMMEDIATE')
  const commit = connection.prepare('COMMIT')
  const rollback = connection.prepare('ROLLBACK')
  const savepoint = connection.prepare('SAVEPOINT job')
  const release = connection.prepare('RELEASE job')
  const undo = connection.prepare('ROLLBACK TO job')

  /** Waiting inside SQLite would stop the whole event loop, so BEGIN asks once and the caller comes back. */
  function beginOrBusy(): void {
    const db = connection.db()
    db.exec('PRAGMA busy_timeout = 0')
    try {
      begin.statement.run()
    } finally {
      db.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
    }
  }

  function runSaved(job: Job): void {
    savepoint.statement.run()
    try {
      job.run()
    } catch (error) {
      // A full disk or a failed write may have ended the whole transaction.
      if (!connection.db().inTransaction) throw error
      undo.statement.run()
    }
    release.statement.run()
  }

  return (jobs) => {
    beginOrBusy()
    try {
      for (const job of jobs) runSaved(job)
      commit.statement.run()
    } catch (error) {
      if (connection.db().inTransaction) rollback.statement.run()
      throw error
    }
  }
}
