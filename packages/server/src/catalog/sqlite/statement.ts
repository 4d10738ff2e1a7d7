/**
 * Prepared statements written with Kysely. A query is built and compiled once, when the catalog opens; a call only
 * binds values, so the builder costs nothing per request.
 */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'
import type { Compilable } from 'kysely'
import type { Tables } from './schema.ts'

/** Builds SQL, never runs it. */
export const query: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

export interface Statement<Values, Row> {
  /** How many rows changed. */
  run(values: Values): number
  get(values: Values): Row | undefined
  all(values: Values): Row[]
}

/** Stands where a value will be bound. */
class Slot {
  readonly name: string
  constructor(name: string) {
    this.name = name
  }
}

/**
 * `build` receives an object whose properties stand for the values of a later call:
 * `prepare(db, (v: { id: string }) => query.selectFrom('files').selectAll().where('id', '=', v.id))`.
 */
export function prepare<Values extends object, Row>(
  db: SqliteDatabase,
  build: (values: Values) => Compilable<Row>,
): Statement<Values, Row> {
  const slots = new Proxy({}, { get: (_, name) => new Slot(String(name)) }) as Values
  const compiled = build(slots).compile()
  const statement = db.prepare<unknown[], Row>(compiled.sql)
  const bind = createBinder(compiled.parameters)
  return {
    run: (values) => statement.run(...bind(values)).changes,
    get: (values) => statement.get(...bind(values)),
    all: (values) => statement.all(...bind(values)),
  }
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
