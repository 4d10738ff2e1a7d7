/** One database for a file of tests, emptied before each, opened twice. */
import {
  migratePostgres,
  openPostgresCatalog,
} from '../../../src/catalog/postgres/postgres-catalog.ts'
import { ask, startPostgres } from '../../support/postgres-server.ts'
import type { CatalogFixture } from '../../suites/catalog-fixture.ts'

export interface PostgresFixture extends CatalogFixture {
  readonly url: string
}

let database: Promise<string> | null = null

async function createDatabase(): Promise<string> {
  const server = await startPostgres()
  const url = await server.createDatabase()
  await migratePostgres(url)
  return url
}

export async function createPostgresFixture(): Promise<PostgresFixture> {
  database ??= createDatabase()
  const url = await database
  await ask(url, EMPTY)
  let now = 0
  const clock = { now: () => now }
  const open = () => openPostgresCatalog({ url, max: 4, clock })
  return {
    url,
    catalog: await open(),
    other: await open(),
    setNow: (nowMs) => void (now = nowMs),
    dispose: async () => undefined,
  }
}

/** Every table but that of the schema's version; and what stands in them from the beginning. */
const EMPTY = `
  do $$ declare name text; begin
    for name in select tablename from pg_tables where schemaname = 'public' and tablename <> 'hallpass_schema' loop
      execute format('alter table %I disable trigger all; delete from %I; alter table %I enable trigger all', name, name, name);
    end loop;
    for name in select sequencename from pg_sequences where schemaname = 'public' loop
      perform setval(format('%I', name)::regclass, 1, false);
    end loop;
  end $$;
  insert into key_epoch ("only", value) values (1, 1);
  insert into event_readers (name, position) values ('webhooks', 0), ('watch', 0)
`
