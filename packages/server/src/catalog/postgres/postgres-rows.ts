/** The rows of a catalog in a PostgreSQL database, on connections of their own: servers over the same database go on meanwhile. */
import { storeUnavailable } from '../../platform/store-errors.ts'
import { MIGRATIONS } from '../migrations/all.ts'
import { quoted, quotedList } from '../rows/row-catalog.ts'
import type { Row, RowCatalog, RowCatalogPlace, RowSession, RowValue } from '../rows/row-catalog.ts'
import { NUMBERED_TABLES } from '../rows/row-tables.ts'
import { createConnections } from './connections.ts'
import type { Connection, Connections } from './connections.ts'
import { findVersion, migrate } from './migrate.ts'
import { endsConnection } from './postgres-error.ts'
import { encodeText } from './text-code.ts'

const PIECE_ROWS = 500
/** PostgreSQL counts the places of a statement with 16 bits. */
const MOST_VALUES = 20_000

/** As in transactions.ts: whoever has this alone is alone. The work may take long, and waits for nothing in between. */
const BEGIN_CHANGE = `
  begin isolation level read committed read write;
  select set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true),
    set_config('synchronous_commit', case current_setting('synchronous_commit')
      when 'remote_apply' then 'remote_apply' else 'on' end, true);
  select pg_advisory_xact_lock(1751215212, 0)`
const BEGIN_READ = `
  begin isolation level repeatable read read only;
  select set_config('idle_in_transaction_session_timeout', '0', true), set_config('statement_timeout', '0', true)`

export function postgresRowPlace(url: string): RowCatalogPlace {
  const connect = (): Connections => createConnections({ url, max: 2, answerTimeoutMs: 0 })
  async function once<Result>(work: (connections: Connections) => Promise<Result>) {
    const connections = connect()
    try {
      return await work(connections)
    } finally {
      await connections.close()
    }
  }
  return {
    version: () => once(findVersion),
    migrate: (version) =>
      once((connections) =>
        migrate(
          connections,
          MIGRATIONS.filter((step) => step.version <= version),
        ),
      ),
    open: async () => {
      if ((await once(findVersion)) === null) {
        throw storeUnavailable('There is no catalog in the database.')
      }
      return openRows(connect())
    },
  }
}

function openRows(connections: Connections): RowCatalog {
  async function within<Result>(
    begin: string,
    work: (session: RowSession) => Promise<Result>,
  ): Promise<Result> {
    return connections.use(async (connection) => {
      await connection.command(begin)
      try {
        const result = await work(sessionOf(connection))
        if ((await connection.command('commit')) === 'COMMIT') return result
        throw storeUnavailable('The database did not commit a transaction.')
      } catch (error) {
        if (!endsConnection(error)) await connection.command('rollback')
        throw error
      }
    })
  }
  return {
    kind: 'postgres',
    version: async () => (await findVersion(connections)) ?? 0,
    faults: async () => [],
    read: (work) => within(BEGIN_READ, work),
    change: (work) => within(BEGIN_CHANGE, work),
    close: () => connections.close(),
  }
}

function sessionOf(connection: Connection): RowSession {
  async function ask(text: string, values: readonly RowValue[] = []): Promise<readonly Row[]> {
    const { rows } = await connection.ask(numbered(text), values.map(toBound))
    return rows.map(rowOf)
  }
  return {
    ask,
    run: async (text, values = []) =>
      (await connection.ask(numbered(text), values.map(toBound))).changed,
    stream: (text) => pieces(connection, text),
    insert: async (table, columns, rows) => {
      const most = Math.max(1, Math.floor(MOST_VALUES / columns.length))
      for (let at = 0; at < rows.length; at += most) {
        await insert(connection, { table, columns, rows: rows.slice(at, at + most) })
      }
    },
    columns: async (table) => textsOf(await ask(COLUMNS, [table])),
    tables: async () => textsOf(await ask(TABLES)),
    numbers: async () => {
      const found = await ask(NUMBERS)
      return Object.fromEntries(found.map(([name, last]) => [String(name), Number(last)]))
    },
    setNumbers: async (numbers) => {
      for (const table of NUMBERED_TABLES) {
        await ask(
          `select setval(pg_get_serial_sequence('${table}', 'position'),
             greatest(1, ?::bigint, (select coalesce(max(position), 0) from ${quoted(table)})))`,
          [numbers[table] ?? 0],
        )
      }
    },
  }
}

const COLUMNS = `
  select attname::text from pg_attribute
  where attrelid = ?::text::regclass and attnum > 0 and not attisdropped and attgenerated = ''
  order by attnum`
const TABLES = `
  select tablename::text from pg_tables where schemaname = current_schema() and tablename <> 'hallpass_schema'`
const NUMBERS = `
  select substr(sequencename, 1, length(sequencename) - length('_position_seq'))::text, last_value
  from pg_sequences
  where schemaname = current_schema() and sequencename like '%\\_position\\_seq' and last_value is not null`

interface Insert {
  readonly table: string
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

async function insert(connection: Connection, { table, columns, rows }: Insert): Promise<void> {
  if (rows.length === 0) return
  const places = `(${columns.map(() => '?').join(', ')})`
  const text = `insert into ${quoted(table)} (${quotedList(columns)}) values ${rows.map(() => places).join(', ')}`
  await connection.ask(numbered(text), rows.flat().map(toBound))
}

async function* pieces(connection: Connection, text: string): AsyncGenerator<readonly Row[]> {
  await connection.command(`declare kept no scroll cursor for ${text}`)
  for (;;) {
    const { rows } = await connection.ask(`fetch ${PIECE_ROWS} from kept`, [])
    if (rows.length === 0) break
    yield rows.map(rowOf)
  }
  await connection.command('close kept')
}

/** `?` is `$1`, `$2`, … here; none of the statements holds one in a text. */
function numbered(text: string): string {
  let count = 0
  return text.replaceAll('?', () => `$${(count += 1)}`)
}

function toBound(value: RowValue): RowValue {
  return typeof value === 'string' ? encodeText(value) : value
}

/** Columns of one statement have different names, so that an object has them in its order. */
function rowOf(row: unknown): Row {
  return Object.values(row as Readonly<Record<string, RowValue>>)
}

function textsOf(rows: readonly Row[]): string[] {
  return rows.map(([text]) => String(text))
}
