/**
 * What PostgreSQL costs beside SQLite: the same calls of the catalog, sixty-four at once, in one run, taking turns. Both wait for the
 * disk; PostgreSQL runs beside it on the same machine.
 *
 *     npm run bench -- catalog [--json] [--rounds=5] [--round-ms=2000] ['store' …]
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import { openPostgresCatalog } from '../../packages/server/src/catalog/postgres/postgres-catalog.ts'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import {
  at,
  commit,
  createBuckets,
  draftOf,
  grantOf,
  inlineOf,
  insertGrants,
  nextId,
} from '../../packages/server/test/suites/catalog-fixture.ts'
import { isWanted, readArguments } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { measure } from '../lib/rounds.ts'
import type { Operation, Row } from '../lib/rounds.ts'

const AT_ONCE = 64
const CONNECTIONS = 20
const SQLITE = 'SQLite'
const BODY = 'x'.repeat(1024)

// What stands first wins.
const options = readArguments([...process.argv.slice(2), '--rounds=5', '--round-ms=2000'])
const folder = await mkdtemp(join(tmpdir(), 'hallpass-bench-'))
const postgres = await startPostgres({ isDurable: true })
const url = await postgres.createDatabase()
const catalogs: readonly { readonly name: string; readonly catalog: Catalog }[] = [
  { name: SQLITE, catalog: createSqliteCatalog({ path: join(folder, 'catalog.db') }) },
  { name: 'PostgreSQL', catalog: await openPostgresCatalog({ url, max: CONNECTIONS }) },
]

function operation(
  name: string,
  call: (catalog: Catalog, index: number) => Promise<unknown>,
): Operation {
  const contestants = catalogs.map(({ name: contestant, catalog }) => ({
    name: contestant,
    isAsync: true,
    run: () => Promise.all(Array.from({ length: AT_ONCE }, (_, index) => call(catalog, index))),
  }))
  return { name: `${name}, ${AT_ONCE} at once`, reference: SQLITE, contestants }
}

const OPERATIONS: readonly Operation[] = [
  operation('store 1 KiB', (catalog) =>
    commit(catalog, draftOf(nextId('new'), {}, inlineOf(BODY))),
  ),
  operation('replace 1 KiB of 64 files', (catalog, index) =>
    commit(catalog, draftOf(`kept${index}`, {}, inlineOf(BODY))),
  ),
  operation('replace 1 KiB of one file', (catalog) =>
    commit(catalog, draftOf('one', {}, inlineOf(BODY))),
  ),
  operation('issue a link', (catalog) => insertGrants(catalog, grantOf(nextId('link')))),
  operation('find a file', (catalog) => catalog.files.find(at('kept1'))),
]

try {
  const rows: Row[] = []
  for (const { catalog } of catalogs) {
    await createBuckets(catalog, 'acme')
    await commit(catalog, draftOf('kept1', {}, inlineOf(BODY)))
  }
  for (const one of OPERATIONS) {
    if (isWanted(options, one.name)) rows.push(...(await measure(one, options)))
  }
  printReport(
    {
      machine: describeMachine(),
      versions: readVersions(['pg', 'better-sqlite3']),
      rounds: options,
      rows,
      skipped: [],
    },
    options.asJson,
  )
} finally {
  for (const { catalog } of catalogs) await catalog.close()
  await rm(folder, { recursive: true, force: true })
}
process.exit(0)
