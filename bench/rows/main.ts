/**
 * Does a catalog in PostgreSQL become slower with what it holds? The same calls over two databases of one server, one with a hundred
 * times as many files, taking turns; and how much room a file takes there.
 *
 *     npm run bench -- rows [--rows=10000000] [--few=100000] [--scattered] [--json] [--rounds=9] [--round-ms=500] ['page' …]
 *
 * Ten million take ten minutes, and some seven gigabytes below the folder for temporary files, which go with the program.
 */
import process from 'node:process'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import { openPostgresCatalog } from '../../packages/server/src/catalog/postgres/postgres-catalog.ts'
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
import { isWanted, readArguments, readNumber } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { measure } from '../lib/rounds.ts'
import type { Operation, Row } from '../lib/rounds.ts'
import { BUCKET, FOLDER, fileIdAt, fillRows, keyAt, readSizes } from './fill.ts'
import type { Relation } from './fill.ts'

const PAGE = 1000
/** Calls under way where a call alone says little. */
const AT_ONCE = 16
const CONNECTIONS = 20
const GOAL_FLAT = 1.3
/** Operations that are to be flat. */
const READS = /page|find/
const BODY = 'x'.repeat(1024)

interface Filled {
  readonly name: string
  readonly rows: number
  readonly catalog: Catalog
  readonly sizes: readonly Relation[]
  readonly filledInSeconds: number
}

// What stands first wins.
const options = readArguments([...process.argv.slice(2), '--rounds=9', '--round-ms=500'])
const isScattered = process.argv.includes('--scattered')
const counts = [
  readNumber(process.argv, 'few') ?? 100_000,
  readNumber(process.argv, 'rows') ?? 10_000_000,
]
const postgres = await startPostgres({ isDurable: true })
const filled: Filled[] = []
for (const rows of counts) filled.push(await fill(rows))
const fewest = filled[0]?.name ?? ''

async function fill(rows: number): Promise<Filled> {
  const url = await postgres.createDatabase()
  const catalog = await openPostgresCatalog({ url, max: CONNECTIONS })
  await createBuckets(catalog, BUCKET)
  const startedAt = performance.now()
  await fillRows({ url, rows, isScattered })
  return {
    name: `${rows} files`,
    rows,
    catalog,
    sizes: await readSizes(url),
    filledInSeconds: (performance.now() - startedAt) / 1000,
  }
}

let turn = 0

/** Everywhere among them, and elsewhere each time. */
function someOf({ rows }: Filled): number {
  turn += 1
  return Math.floor((((turn * 0.618_033_988_75) % 1) + 1) * rows) % rows
}

function operation(
  name: string,
  atOnce: number,
  call: (filled: Filled) => Promise<unknown>,
): Operation {
  const contestants = filled.map((one) => ({
    name: one.name,
    isAsync: true,
    run: () => Promise.all(Array.from({ length: atOnce }, () => call(one))),
  }))
  return { name, reference: fewest, contestants }
}

async function page(one: Filled, delimiter: string, limit: number): Promise<void> {
  const ahead = delimiter === '' ? limit : (limit + 1) * FOLDER
  const index = Math.min(someOf(one), one.rows - ahead - 1)
  const after = keyAt(Math.max(0, index))
  const query = { bucket: BUCKET, prefix: '', delimiter, after, limit }
  const { entries } = await one.catalog.files.list(query)
  if (entries.length !== limit) throw new Error(`${one.name}: a page of ${entries.length}`)
}

async function findByName(one: Filled): Promise<void> {
  const key = keyAt(someOf(one))
  if ((await one.catalog.files.find(at(key))) === null) throw new Error(`${one.name}: no ${key}`)
}

async function findById(one: Filled): Promise<void> {
  const id = fileIdAt(someOf(one))
  if ((await one.catalog.files.findById(id)) === null) throw new Error(`${one.name}: no ${id}`)
}

const OPERATIONS: readonly Operation[] = [
  operation('a page of 1,000 keys', 1, (one) => page(one, '', PAGE)),
  operation('a page of 50 folders of 1,000 files', 1, (one) => page(one, '/', 50)),
  operation('find by name, one at a time', 1, findByName),
  operation(`find by name, ${AT_ONCE} at once`, AT_ONCE, findByName),
  operation('find by id, one at a time', 1, findById),
  operation(`store 1 KiB, ${AT_ONCE} at once`, AT_ONCE, ({ catalog }) =>
    commit(catalog, draftOf(nextId('new'), {}, inlineOf(BODY))),
  ),
  operation(`issue a link, ${AT_ONCE} at once`, AT_ONCE, ({ catalog }) =>
    insertGrants(catalog, grantOf(nextId('link'))),
  ),
]

function sayRoom({ name, rows, sizes, filledInSeconds }: Filled): void {
  console.log(`\n${name}, filled in ${filledInSeconds.toFixed(0)} s; bytes a file:`)
  const all = { name: 'all', bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0) }
  for (const relation of [...sizes, all]) {
    console.log(`  ${relation.name.padEnd(50)}${(relation.bytes / rows).toFixed(1).padStart(12)}`)
  }
}

function sayWhetherFlat(rows: readonly Row[]): void {
  console.log('')
  for (const { operation: name, contestant, ratio } of rows) {
    if (contestant === fewest || !READS.test(name)) continue
    const verdict = 1 / ratio <= GOAL_FLAT ? 'reached' : 'NOT reached'
    console.log(`${name}: ${(1 / ratio).toFixed(2)} x as long, goal ${GOAL_FLAT}: ${verdict}`)
  }
}

try {
  const rows: Row[] = []
  for (const one of OPERATIONS) {
    if (isWanted(options, one.name)) rows.push(...(await measure(one, options)))
  }
  const versions = readVersions(['pg'])
  printReport(
    { machine: describeMachine(), versions, rounds: options, rows, skipped: [] },
    options.asJson,
  )
  if (!options.asJson) {
    for (const one of filled) sayRoom(one)
    sayWhetherFlat(rows)
  }
} finally {
  for (const { catalog } of filled) await catalog.close()
}
process.exit(0)
