/**
 * Runs scripts as transactions. A script was written for a database with one writer: what it has read stays so until it commits.
 * Locks that end with the transaction make that true here (docs/decisions/012-locks-in-postgresql.md): every transaction takes the
 * lock of the catalog, alone, or together with others that say what they touch; those take one for each of these things besides. A
 * statement sees whatever was committed before it began, so that nothing that is read under a lock is old.
 */
import { hash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { Script } from '../sql/script.ts'
import type { Connection, Connections } from './connections.ts'
import { STATEMENT_TIMEOUT_MS } from './connections.ts'
import { endsConnection, endsTransaction, isInTheWay, toStoreError } from './postgres-error.ts'
import type { ScriptRunner } from './statement.ts'

/** A script, and somebody who waits for what comes of it. */
export interface Job {
  /** Runs the script; what it returns tells the outcome, once that is durable. */
  run(runner: ScriptRunner, connection: Connection): Promise<() => void>
  fail(error: unknown): void
}

/** One that runs beside others. */
export interface SharedJob {
  readonly job: Job
  /** What no two of them may touch at once. */
  readonly touches: readonly string[]
}

export interface Waiting<Result> {
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

export function createJob<Result>(
  script: () => Script<Result>,
  { resolve, reject }: Waiting<Result>,
): Job {
  return {
    run: async (runner, connection) => {
      const result = await runner.run(connection, script())
      return () => resolve(result)
    },
    fail: (error) => reject(toStoreError(error)),
  }
}

export interface Transactions {
  /** All of them in one, in turn; one that fails takes nothing else with it. Never rejects. */
  runAlone(jobs: readonly Job[]): Promise<void>
  /**
   * All of them in one, each beside the others and beside transactions that touch nothing of the same. If one fails it is undone, and
   * each has one of its own. Never rejects.
   */
  runBeside(jobs: readonly SharedJob[]): Promise<void>
  /** One statement that changes nothing, in none; of a connection that had been lost it is asked again on another. */
  ask<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
  /** Over one state of the catalog. */
  read<Result>(script: () => Script<Result>): Promise<Result>
}

/** "hall" in ASCII, and the number after it: what the locks of a catalog, and of the things in it, are told by. */
const CATALOG_LOCKS = 0x68_61_6c_6c
const THING_LOCKS: number = CATALOG_LOCKS + 1
const LOCK_TIMEOUT_MS = 10_000
const MOST_ATTEMPTS = 10
/** Of those that were lost without a word. */
const MOST_CONNECTIONS = 3
const PAUSE_MS = 5

/** Settings that end with the transaction. Where a commit means more than this disk, it still does. */
const BEGIN = `
  begin isolation level read committed read write;
  select set_config('statement_timeout', '${STATEMENT_TIMEOUT_MS}', true),
    set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true),
    set_config('idle_in_transaction_session_timeout', '${STATEMENT_TIMEOUT_MS}', true),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
      when 'remote_apply' then 'remote_apply' else 'on' end, true);`
const BEGIN_ALONE = `${BEGIN} select pg_advisory_xact_lock(${CATALOG_LOCKS}, 0)`
const BEGIN_BESIDE = `${BEGIN} select pg_advisory_xact_lock_shared(${CATALOG_LOCKS}, 0)`
const BEGIN_READING = 'begin isolation level repeatable read read only'

export function createTransactions(connections: Connections, runner: ScriptRunner): Transactions {
  function commitInTurn(jobs: readonly Job[]): Promise<Outcomes> {
    return inTransaction(connections, BEGIN_ALONE, async (connection) => {
      const [only] = jobs
      if (only !== undefined && jobs.length === 1) return [await only.run(runner, connection)]
      const outcomes: (() => void)[] = []
      for (const job of jobs) outcomes.push(await runSaved(job, runner, connection))
      return outcomes
    })
  }

  function commitAtOnce(jobs: readonly SharedJob[], onUndone: () => void): Promise<Outcomes> {
    const begin = BEGIN_BESIDE + lockThings(jobs.flatMap(({ touches }) => touches))
    const work = async (connection: Connection): Promise<Outcomes> => {
      const running = jobs.map(({ job }) => job.run(runner, connection))
      // None of them may ask for anything more when the transaction ends.
      await Promise.allSettled(running)
      return Promise.all(running)
    }
    return inTransaction(connections, begin, work, onUndone)
  }

  async function runAlone(jobs: readonly Job[]): Promise<void> {
    try {
      for (const tell of await again(() => commitInTurn(jobs))) tell()
    } catch (error) {
      for (const job of jobs) job.fail(error)
    }
  }

  async function runBeside(jobs: readonly SharedJob[]): Promise<void> {
    let isUndone = false
    const attempt = (): Promise<Outcomes> => {
      isUndone = false
      return commitAtOnce(jobs, () => {
        isUndone = true
      })
    }
    try {
      // Several hold rows while they wait for others, as another several may the other way round; one by one they do not.
      const mostAttempts = jobs.length > 1 ? 1 : MOST_ATTEMPTS
      for (const tell of await again(attempt, mostAttempts)) tell()
    } catch (error) {
      if (isUndone && jobs.length > 1) for (const one of jobs) await runBeside([one])
      else for (const { job } of jobs) job.fail(error)
    }
  }

  return {
    runAlone,
    runBeside,
    ask: (work) => again(() => askOnce(connections, work)),
    read: (script) =>
      again(() =>
        inTransaction(connections, BEGIN_READING, (connection) => runner.run(connection, script())),
      ),
  }
}

/** What tells each job what came of it. */
type Outcomes = readonly (() => void)[]

async function runSaved(
  job: Job,
  runner: ScriptRunner,
  connection: Connection,
): Promise<() => void> {
  await connection.command('savepoint job')
  try {
    const tell = await job.run(runner, connection)
    await endWith(connection, 'release savepoint job')
    return tell
  } catch (thrown) {
    const error = await firstFailure(connection, thrown)
    if (endsTransaction(error)) throw error
    await connection.command('rollback to savepoint job')
    return () => job.fail(error)
  }
}

/** The command, and all that was posted before it. */
async function endWith(connection: Connection, command: string): Promise<string> {
  const word = connection.command(command)
  word.catch(() => undefined)
  await connection.settle()
  return word
}

/** After a statement that failed without anybody waiting for it, those that follow say only that something had failed. */
async function firstFailure(connection: Connection, thrown: unknown): Promise<unknown> {
  try {
    await connection.settle()
    return thrown
  } catch (posted) {
    return posted
  }
}

/** It never began: the connection had been lost before. */
class NotBegun extends Error {
  override readonly name: string = 'NotBegun'
}

/** `onUndone`: told when it failed and it is certain that nothing of it happened. */
function inTransaction<Result>(
  connections: Connections,
  begin: string,
  work: (connection: Connection) => Promise<Result>,
  onUndone: () => void = () => undefined,
): Promise<Result> {
  return connections.use(async (connection) => {
    try {
      await connection.command(begin)
    } catch (error) {
      if (endsConnection(error)) throw new NotBegun('', { cause: error })
      // Only a lock was not to be had, or a setting: the transaction is there, and nothing but its end is listened to.
      await connection.command('rollback')
      throw error
    }
    try {
      const result = await work(connection)
      // Of a transaction that failed on the way, COMMIT says that it was rolled back, and no error.
      if ((await endWith(connection, 'commit')) === 'COMMIT') return result
      throw storeUnavailable('The database did not commit a transaction.')
    } catch (thrown) {
      const error = await firstFailure(connection, thrown)
      if (endsConnection(error)) throw error
      await connection.command('rollback')
      onUndone()
      throw error
    }
  })
}

function askOnce<Result>(
  connections: Connections,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  return connections.use(async (connection) => {
    try {
      return await work(connection)
    } catch (error) {
      if (endsConnection(error)) throw new NotBegun('', { cause: error })
      throw error
    }
  })
}

/** Once more, and once more after that, as long as it is certain that nothing has happened. */
async function again<Result>(
  attempt: () => Promise<Result>,
  mostAttempts: number = MOST_ATTEMPTS,
): Promise<Result> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (error instanceof NotBegun) {
        if (count === MOST_CONNECTIONS) throw toStoreError(error.cause)
      } else if (count === mostAttempts || !isInTheWay(error)) throw error
      await sleep(PAUSE_MS * count)
    }
  }
}

/** In one order everywhere, so that no two wait for each other. */
function lockThings(touches: readonly string[]): string {
  const numbers = new Set(touches.map((thing) => hash('sha256', thing, 'buffer').readInt32BE(0)))
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((number) => `; select pg_advisory_xact_lock(${THING_LOCKS}, ${number})`)
    .join('')
}
