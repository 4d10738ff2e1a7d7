/** Prepared statements, each made at its first call. SQLite answers at once. */
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Compilable } from 'kysely'
import { compileStatement } from '../sql/compile-statement.ts'
import type { Tables } from '../sql/schema.ts'
import type { Answer, Script, Statement } from '../sql/script.ts'
import type { Connection } from './connection.ts'

/** Builds SQL, never runs it. */
export const query: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** An answer that is there already: one object is the answer, its iterator and the only thing that yields. */
class Ready<Result> implements Answer<Result> {
  readonly done = true
  readonly value: Result
  constructor(value: Result) {
    this.value = value
  }
  [Symbol.iterator](): Iterator<Promise<unknown>, Result> {
    return this
  }
  next(): IteratorReturnResult<Result> {
    return this
  }
}

const DONE: Ready<void> = new Ready(undefined)

/** Runs a script whose statements all answer at once. */
export function runReady<Result>(script: Script<Result>): Result {
  return resultOf(script.next())
}

/** The value of an answer that is there. */
export function valueOf<Result>(answer: Answer<Result>): Result {
  return resultOf(answer[Symbol.iterator]().next())
}

function resultOf<Result>(step: IteratorResult<unknown, Result>): Result {
  if (step.done === true) return step.value
  throw new Error('A script waited within a transaction of SQLite.')
}

export function prepareStatement<Values extends object, Row>(
  connection: Connection,
  build: (values: Values) => Compilable<Row>,
): Statement<Values, Row> {
  let statement: Statement<Values, Row> | null = null
  const take = (): Statement<Values, Row> => {
    statement ??= prepareNow(connection, build)
    return statement
  }
  return {
    run: (values) => take().run(values),
    post: (values) => take().post(values),
    get: (values) => take().get(values),
    all: (values) => take().all(values),
  }
}

function prepareNow<Values extends object, Row>(
  connection: Connection,
  build: (values: Values) => Compilable<Row>,
): Statement<Values, Row> {
  const { text, bind } = compileStatement(build)
  const prepared = connection.prepare<Row>(text)
  return {
    run: (values) => new Ready(prepared.statement.run(...bind(values)).changes),
    post: (values) => {
      prepared.statement.run(...bind(values))
      return DONE
    },
    get: (values) => new Ready(prepared.statement.get(...bind(values))),
    all: (values) => new Ready(prepared.statement.all(...bind(values))),
  }
}
