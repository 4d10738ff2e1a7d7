/**
 * Statements for PostgreSQL. A statement goes to the session of the script that asks for it: the engine says which one that is
 * before it lets the script go on, and a script runs without a pause from one statement to the next.
 */
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely'
import type { Compilable } from 'kysely'
import { compileStatement } from '../sql/compile-statement.ts'
import type { CompiledStatement } from '../sql/compile-statement.ts'
import type { Tables } from '../sql/schema.ts'
import type { Answer, Script, Statement } from '../sql/script.ts'
import { encodeText } from './text-code.ts'

/** Builds SQL, never runs it. */
export const query: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
})

export interface SessionAnswer {
  readonly rows: readonly unknown[]
  readonly changed: number
}

/** Where statements go: a transaction, or any connection. */
export interface Session {
  ask(text: string, values: readonly unknown[]): Promise<SessionAnswer>
  /** Sends it, in its turn. Whether it succeeded is told to who ends the transaction. */
  post(text: string, values: readonly unknown[]): void
}

export interface ScriptRunner {
  readonly prepare: <Values extends object, Row>(
    build: (values: Values) => Compilable<Row>,
  ) => Statement<Values, Row>
  run<Result>(session: Session, script: Script<Result>): Promise<Result>
}

export function createScriptRunner(): ScriptRunner {
  let current: Session | null = null

  function session(): Session {
    if (current === null) throw new Error('A statement was asked for outside a script.')
    return current
  }

  function ask({ text, bind }: CompiledStatement, values: object): Promise<SessionAnswer> {
    const asked = session().ask(text, bind(values).map(toBound))
    // A script may ask for several before it waits for the first, and end with that one's failure.
    asked.catch(() => undefined)
    return asked
  }

  function step<Result>(session: Session, go: () => IteratorResult<unknown, Result>) {
    current = session
    try {
      return go()
    } finally {
      current = null
    }
  }

  return {
    prepare<Values extends object, Row>(
      build: (values: Values) => Compilable<Row>,
    ): Statement<Values, Row> {
      let compiled: CompiledStatement | null = null
      const take = (): CompiledStatement => {
        compiled ??= compileStatement(build)
        return compiled
      }
      // The rows are what the statement selects: its builder has their type.
      const rowsOf = ({ rows }: SessionAnswer): Row[] => rows as Row[]
      return {
        run: (values) => answer(ask(take(), values), ({ changed }) => changed),
        post: (values) => {
          const { text, bind } = take()
          session().post(text, bind(values).map(toBound))
          return POSTED
        },
        get: (values) => answer(ask(take(), values), (given) => rowsOf(given)[0]),
        all: (values) => answer(ask(take(), values), rowsOf),
      }
    },
    async run<Result>(session: Session, script: Script<Result>) {
      let next = step(session, () => script.next())
      while (next.done !== true) {
        let go: () => IteratorResult<unknown, Result>
        try {
          const value = await next.value
          go = () => script.next(value)
        } catch (error) {
          go = () => script.throw(error)
        }
        next = step(session, go)
      }
      return next.value
    },
  }
}

/** The script goes on at once. */
const POSTED: Answer<void> = {
  // oxlint-disable-next-line require-yield -- there is nothing to wait for
  *[Symbol.iterator](): Generator<never, void, unknown> {
    return undefined
  },
}

/** What a script yields is the promise, and what it goes on with the value of it. */
function answer<Given, Result>(
  asked: Promise<Given>,
  convert: (given: Given) => Result,
): Answer<Result> {
  return {
    *[Symbol.iterator](): Generator<Promise<unknown>, Result, unknown> {
      return (yield asked.then(convert)) as Result
    },
  }
}

function toBound(value: unknown): unknown {
  return typeof value === 'string' ? encodeText(value) : value
}
