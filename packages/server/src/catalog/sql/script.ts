/**
 * Transactions, written once for every database. A script is a generator that asks for statements one after the other:
 *
 *     function* rename(at: Statements, from: string, to: string): Script<boolean> {
 *       const existing = yield* at.find.get({ name: to })
 *       return existing === undefined && (yield* at.rename.run({ from, to })) === 1
 *     }
 *
 * A driver that answers at once has the answer ready when it is asked for, and the script never stops; one that must wait
 * yields the promise, and its transaction goes on with the script when it has settled.
 */
import type { Compilable, Kysely } from 'kysely'
import type { Tables } from './schema.ts'

export type Script<Result> = Generator<Promise<unknown>, Result, unknown>

/** `yield*` it. */
export type Answer<Result> = Iterable<Promise<unknown>, Result, unknown>

export interface Statement<Values, Row> {
  /** How many rows changed. */
  run(values: Values): Answer<number>
  /** For who does not ask how many: where an answer takes a while the script goes on without it. A failure is that of the transaction. */
  post(values: Values): Answer<void>
  get(values: Values): Answer<Row | undefined>
  all(values: Values): Answer<Row[]>
}

export interface WriteOptions {
  /** It gives room back, takes rights away or needs no room that lasts: it is done also when there is none left. */
  readonly isUrgent?: boolean
  /**
   * All that the script reads and then writes on the strength of, besides the epoch, by name: it may run beside others that say so and
   * touch nothing of the same. One that only adds rows, or changes rows by what the same statement finds, touches nothing. Without
   * it nothing else is written while the script runs.
   */
  readonly touches?: readonly string[]
  /** Every row that it changes is new or named by what it touches: it may be in one transaction with others of which the same is true. */
  readonly isShareable?: boolean
}

/** What a SQL driver is. Everything else about a catalog is the same for all of them. */
export interface SqlEngine {
  /** Builds statements in the words of the database; runs none. */
  readonly query: Kysely<Tables>
  /**
   * `build` receives an object whose properties stand for the values of a later call:
   * `prepare((v: { id: string }) => query.selectFrom('files').selectAll().where('id', '=', v.id))`.
   */
  readonly prepare: <Values extends object, Row>(
    build: (values: Values) => Compilable<Row>,
  ) => Statement<Values, Row>
  /**
   * Runs a script as one transaction and resolves when it is durable. One that throws changes nothing. A transaction that
   * got into another's way may be run again from its start, so a script does nothing but ask.
   */
  readonly write: <Result>(script: () => Script<Result>, options?: WriteOptions) => Promise<Result>
  /** Runs a script over one state of the catalog. */
  readonly read: <Result>(script: () => Script<Result>) => Promise<Result>
  /**
   * The same, while nobody has written what is not there to be seen yet: whoever reads rows in the order in which they were numbered
   * and goes on behind the last of them misses none.
   */
  readonly readSettled: <Result>(script: () => Script<Result>) => Promise<Result>
  /** One row, by the statement that nearly every request needs: no script, nothing in between. */
  readonly lookUp: <Values, Row, Result>(
    statement: Statement<Values, Row>,
    values: Values,
    convert: (row: Row) => Result,
  ) => Promise<Result | null>
  readonly close: () => Promise<void>
}

/** The script of one statement that changes something. */
export function* once<Values>(
  statement: Statement<Values, unknown>,
  values: Values,
): Script<number> {
  return yield* statement.run(values)
}
