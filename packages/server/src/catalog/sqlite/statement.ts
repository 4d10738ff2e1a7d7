/**
 * Prepared statements written with Kysely. A query is built and compiled once, at its first call; from then on a call only
 * binds values, so the builder costs nothing per request. SQLite answers at once.
 */
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Compilable, CompiledQuery } from 'kysely'
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

/** Stands where a value will be bound. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

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
    get: (values) => take().get(values),
    all: (values) => take().all(values),
  }
}

function prepareNow<Values extends object, Row>(
  connection: Connection,
  build: (values: Values) => Compilable<Row>,
): Statement<Values, Row> {
  const { sql, parameters } = compileStatement(build)
  const prepared = connection.prepare<Row>(sql)
  const bind = createBinder(parameters)
  return {
    run: (values) => new Ready(prepared.statement.run(...bind(values)).changes),
    get: (values) => new Ready(prepared.statement.get(...bind(values))),
    all: (values) => new Ready(prepared.statement.all(...bind(values))),
  }
}

/** The text of a statement, with a slot for each value. */
export function compileStatement(
  build: (values: never) => Compilable,
): Pick<CompiledQuery, 'sql' | 'parameters'> {
  // Whatever value a query asks for, it is given the slot of that name.
  const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) })
  return build(slots as never).compile()
}

/** Copies the named values into the order of the compiled parameters, constants in between. */
function createBinder(parameters: readonly unknown[]): (values: object) => unknown[] {
  const constants = parameters.map((parameter) => (parameter instanceof Slot ? null : parameter))
  const names = parameters.map((parameter) => (parameter instanceof Slot ? parameter.name : null))
  return (values) => {
    const bound: unknown[] = []
    for (let at = 0; at < names.length; at += 1) {
      const name = names[at]
      bound.push(typeof name === 'string' ? values[name as keyof typeof values] : constants[at])
    }
    return bound
  }
}
