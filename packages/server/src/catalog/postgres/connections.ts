/**
 * Connections to the database: a bounded number, made when they are needed and made anew when they are lost. Nothing is kept in a
 * session, so that a pooler may give every transaction another one: no prepared statement has a name, and every setting ends with its
 * transaction.
 */
import { DatabaseError, Pool } from 'pg'
import type { PoolClient } from 'pg'
import { StoreError, storeUnavailable } from '../../platform/store-errors.ts'
import type { Session, SessionAnswer } from './statement.ts'
import { endsConnection, toStoreError } from './postgres-error.ts'
import { decodeText } from './text-code.ts'

export interface ConnectionsOptions {
  /** `postgres://user:password@host:port/database?sslmode=…`. */
  readonly url: string
  /** How many this process has at most. */
  readonly max: number
  /** How long to wait for an answer before the connection is given up; 0: for as long as it takes. */
  readonly answerTimeoutMs?: number
}

export interface Connections {
  /** Runs `work` on a connection of its own. Throws a StoreError, or what the work threw if that is no fault of the database. */
  use<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

export interface Connection extends Session {
  /** One or more statements without values; the word by which the database says what the last of them did. */
  command(text: string): Promise<string>
  /** Resolves when all that was posted is done; rejects with what the first of it failed with. */
  settle(): Promise<void>
}

/** How long a statement may take: the database ends it, and if it does not say so either, the connection is given up. */
export const STATEMENT_TIMEOUT_MS = 30_000
const ANSWER_TIMEOUT_MS = 35_000
/** How long to wait for a free connection, or a new one. */
const CONNECT_TIMEOUT_MS = 10_000
const IDLE_MS = 60_000
/** What the database says of a connection that is in no transaction. */
const IDLE = 'I'

/** Object identifiers of types. Integers are within 53 bits, sums of them too. */
const PARSERS: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [17, (hex) => Buffer.from(hex.slice(2), 'hex')],
  [20, Number],
  [23, Number],
  [1700, Number],
  [25, decodeText],
])

export function createConnections(options: ConnectionsOptions): Connections {
  const { url, max, answerTimeoutMs = ANSWER_TIMEOUT_MS } = options
  const pool = new Pool({
    connectionString: url,
    max,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    // A statement goes out before the one before it is answered.
    pipeline: true,
    application_name: 'hallpass',
    types: { getTypeParser },
  })
  // An idle connection that is lost is left out of the pool; whoever asks next gets another.
  pool.on('error', () => undefined)

  return {
    async use(work) {
      const client = await connect(pool)
      let isLost = false
      const onLost = (): void => {
        isLost = true
      }
      client.on('error', onLost)
      try {
        return await work(connectionOf(client))
      } catch (error) {
        if (endsConnection(error)) isLost = true
        throw toStoreError(error)
      } finally {
        client.off('error', onLost)
        // One that is left within a transaction would refuse whatever is asked of it next.
        client.release(isLost || client.getTransactionStatus() !== IDLE)
      }
    },
    close: () => pool.end(),
  }
}

async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect()
  } catch (error) {
    throw asStoreError(error)
  }
}

function connectionOf(client: PoolClient): Connection {
  let posted: Promise<unknown>[] = []

  async function ask(text: string, values: readonly unknown[]): Promise<SessionAnswer> {
    try {
      const { rows, rowCount } = await client.query<object>({ text, values: [...values] })
      return { rows, changed: rowCount ?? 0 }
    } catch (error) {
      throw error instanceof DatabaseError ? error : asStoreError(error)
    }
  }

  return {
    ask,
    post(text, values) {
      const asked = ask(text, values)
      asked.catch(() => undefined)
      posted.push(asked)
    },
    async settle() {
      const all = posted
      posted = []
      for (const one of all) await one
    },
    async command(text) {
      try {
        const answers: unknown = await client.query(text)
        return wordOf(Array.isArray(answers) ? answers.at(-1) : answers)
      } catch (error) {
        throw error instanceof DatabaseError ? error : asStoreError(error)
      }
    },
  }
}

function wordOf(answer: unknown): string {
  const isAnswer = typeof answer === 'object' && answer !== null && 'command' in answer
  return isAnswer && typeof answer.command === 'string' ? answer.command : ''
}

/** What the client throws of its own accord is about the connection: refused, reset, timed out, ended. */
function asStoreError(error: unknown): StoreError {
  const known = error instanceof DatabaseError ? toStoreError(error) : null
  if (known instanceof StoreError) return known
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const what = typeof code === 'string' ? code : 'the connection ended or never was'
  return storeUnavailable(`The database cannot be reached (${what}).`, error)
}

function getTypeParser(oid: number): (text: string) => unknown {
  return PARSERS.get(oid) ?? String
}
