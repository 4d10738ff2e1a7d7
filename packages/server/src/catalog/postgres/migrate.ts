/**
 * Brings a database to the schema of this version: forward only, all steps in one transaction under a lock, so that of many nodes
 * that start at once one does it and the others wait. A database of a later version is refused untouched.
 */
import { storeConflict, storeUnavailable } from '../../platform/store-errors.ts'
import { MIGRATIONS } from '../migrations/all.ts'
import type { Migration } from '../migrations/migration.ts'
import { BASELINE, BASELINE_VERSION } from './baseline.ts'
import type { Connection, Connections } from './connections.ts'
import { endsConnection } from './postgres-error.ts'

/** Longer than that no lock is waited for: those who come behind one that waits for a table wait too, and they are everybody. */
const LOCK_TIMEOUT_MS = 5000
/**
 * "hall" in ASCII, and 1: beside the lock of the catalog, which is 0 (transactions.ts). Of the settings, those of the database are for
 * statements that are over soon, and a step is not.
 */
const BEGIN = `
  begin isolation level read committed read write;
  select set_config('statement_timeout', '0', true), set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true);
  select pg_advisory_xact_lock(1751215212, 1)`

/** Throws a StoreConflict for what is not ours, or of a later version; a StoreUnavailable while others hold the locks. */
export async function migrate(
  connections: Connections,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await connections.use(async (connection) => {
    await requireUtf8(connection)
    const newest = migrations.at(-1)?.version ?? BASELINE_VERSION
    if ((await readVersion(connection, newest)) === newest) return
    await connection.command(BEGIN)
    try {
      // Read again: another node may have migrated while this one waited for the lock.
      const version = await readVersion(connection, newest)
      for (const text of stepsFrom(version, migrations)) await connection.command(text)
      await connection.command(
        `delete from hallpass_schema; insert into hallpass_schema (version) values (${newest})`,
      )
      const word = await connection.command('commit')
      if (word !== 'COMMIT') throw storeUnavailable('The schema was not committed.')
    } catch (error) {
      if (!endsConnection(error)) await connection.command('rollback')
      throw error
    }
  })
}

/** Which version the catalog has that was made there before; `null` if none was. */
export function findVersion(connections: Connections): Promise<number | null> {
  return connections.use(
    async (connection) => (await readVersion(connection, Number.POSITIVE_INFINITY)) || null,
  )
}

/** Whether a catalog was made there before, of whichever version. */
export async function hasCatalog(connections: Connections): Promise<boolean> {
  return (await findVersion(connections)) !== null
}

const SCHEMA_TABLE = 'create table hallpass_schema (version bigint not null)'

function* stepsFrom(version: number, migrations: readonly Migration[]): Generator<string> {
  if (version === 0) {
    yield SCHEMA_TABLE
    yield BASELINE
  }
  const done = Math.max(version, BASELINE_VERSION)
  for (const migration of migrations) if (migration.version > done) yield migration.postgres
}

/** Names are kept as UTF-8, and compared by its bytes. */
async function requireUtf8(connection: Connection): Promise<void> {
  const { rows } = await connection.ask('select getdatabaseencoding() as text', [])
  const encoding = textOf(rows[0])
  if (encoding === 'UTF8') return
  throw storeConflict(
    `The database keeps text as ${encoding}. Make one with: CREATE DATABASE hallpass ENCODING 'UTF8' TEMPLATE template0.`,
  )
}

/** 0 for a database without a catalog. */
async function readVersion(connection: Connection, newest: number): Promise<number> {
  const known = await connection.ask("select to_regclass('hallpass_schema')::text as text", [])
  if (textOf(known.rows[0]) === '') {
    const other = await connection.ask("select to_regclass('files')::text as text", [])
    if (textOf(other.rows[0]) === '') return 0
    throw storeConflict(
      'The database belongs to another program: it has a table "files", and no catalog of Hallpass. Give Hallpass a database of its own.',
    )
  }
  const { rows } = await connection.ask('select version::text as text from hallpass_schema', [])
  const version = Number(textOf(rows[0]))
  if (version <= newest) return version
  throw storeConflict(
    `The catalog has schema ${version}; this version of Hallpass knows ${newest}. Use a newer Hallpass.`,
  )
}

function textOf(row: unknown): string {
  const isRow = typeof row === 'object' && row !== null && 'text' in row
  return isRow && typeof row.text === 'string' ? row.text : ''
}
