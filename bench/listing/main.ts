/**
 * What a page of a listing costs, by how deep it lies and by how many keys its prefixes hold.
 *
 *     npm run bench -- listing [--json] [--keys 1000000]
 *
 * The keys are put into the catalog directly; the pages are asked for over HTTP, signed.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { signS3Headers } from '@hallpass/signing/s3'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import type { ListFilesQuery } from '../../packages/server/src/catalog/file-steps.ts'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import { describeMachine } from '../lib/report.ts'
import { median } from '../lib/rounds.ts'

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    keys: { type: 'string', default: '1000000' },
  },
})

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const BUCKET = 'bench'
const PAGE = 1000
const BATCH = 5000
const FOLDERS = 10_000
const WARM_ROUNDS = 10
const ROUNDS = 40
/** Where in the listing the pages start. */
const DEPTHS = [0, 0.25, 0.5, 0.75, 0.99]
const GOAL_FLAT = 1.3

/** `0000/000000` … : the keys evenly in all folders. */
function keyAt(index: number, count: number): string {
  const folder = Math.floor((index * FOLDERS) / count)
  return `${String(folder).padStart(4, '0')}/${String(index).padStart(9, '0')}`
}

async function fill(catalog: Catalog, count: number): Promise<void> {
  await catalog.buckets.create(
    { name: BUCKET, createdAt: 0, versioning: 'off', settings: {} },
    null,
  )
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start)
    await Promise.all(
      Array.from({ length: size }, (_, at) => {
        const index = start + at
        const version = {
          bucket: BUCKET,
          key: keyAt(index, count),
          size: 1,
          etag: index.toString(16).padStart(32, '0'),
          checksums: [],
          partSizes: [],
          contentType: 'text/plain',
          headers: {},
          metadata: {},
          tags: {},
          modifiedAt: 0,
          newFileId: `file_${index}`,
          newVersionId: 'none',
        }
        const content = { kind: 'blob', contentId: `blob${index}`, size: 1 } as const
        return catalog.files.commit(version, content, { epoch: null })
      }),
    )
  }
}

interface Point {
  /** Single keys, or common prefixes of which each holds as many keys. */
  readonly what: 'keys' | 'folders'
  /** How much of the listing lies before the page. */
  readonly depth: number
  readonly query: ListFilesQuery
  /** Milliseconds of each page over HTTP, and of CPU time from the catalog directly. */
  readonly http: number[]
  readonly direct: number[]
}

const count = Number(options.keys)
const folder = await mkdtemp(
  join(process.env['HALLPASS_BENCH_FOLDER'] ?? tmpdir(), 'hallpass-bench-'),
)
const dataDir = join(folder, 'data')
const path = join(dataDir, 'catalog.db')

// The server makes its keys first; the bench adds its rows beside it, as another process may.
const server = await startServerProcess({ dataDir, ...KEYS })
const catalog = createSqliteCatalog({ path })
try {
  const start = performance.now()
  await fill(catalog, count)
  const filledIn = (performance.now() - start) / 1000
  const points = [
    ...DEPTHS.map((depth) => createPoint('keys', depth, '')),
    ...DEPTHS.map((depth) => createPoint('folders', depth, '/')),
  ]
  // Points take turns, so that a busy moment of the machine falls on all of them.
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
    for (const point of points) await measurePage(point, round >= WARM_ROUNDS)
  }
  report(points, filledIn)
} finally {
  await catalog.close()
  await server.kill()
  await rm(folder, { recursive: true, force: true })
}

function createPoint(what: Point['what'], depth: number, delimiter: string): Point {
  const lastStart = delimiter === '' ? count - 2 * PAGE : Math.floor(count * 0.88)
  const after = keyAt(Math.max(0, Math.min(Math.floor(depth * count), lastStart)), count)
  return {
    what,
    depth,
    query: { bucket: BUCKET, prefix: '', delimiter, after, limit: PAGE },
    http: [],
    direct: [],
  }
}

async function measurePage({ query, http, direct }: Point, counts: boolean): Promise<void> {
  const byHttp = await timed(() => listByHttp(query))
  const alone = await timedOnCpu(() => catalog.files.list(query))
  if (!counts) return
  http.push(byHttp)
  direct.push(alone)
}

async function listByHttp({ after, delimiter, limit }: ListFilesQuery): Promise<void> {
  const { url, headers } = signS3Headers({
    method: 'GET',
    bucket: BUCKET,
    key: null,
    region: 'us-east-1',
    endpoint: server.origin,
    credentials: KEYS,
    query: {
      'list-type': '2',
      'max-keys': String(limit),
      'start-after': after,
      ...(delimiter !== '' && { delimiter }),
    },
  })
  const answer = await fetch(url, { headers })
  const text = await answer.text()
  const found = text.match(/<Contents>|<CommonPrefixes>/g)?.length ?? 0
  if (!answer.ok || found !== limit)
    throw new Error(`${answer.status}: ${found} of ${limit} entries`)
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Of this process, where the catalog works. */
async function timedOnCpu(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1000
}

function report(points: readonly Point[], filledIn: number): void {
  const rows = points.map(({ what, depth, http, direct }) => ({
    what,
    depth,
    httpMs: median(http),
    catalogMs: median(direct),
  }))
  const flatness = ['keys', 'folders'].map((what) => {
    const costs = rows.filter((row) => row.what === what).map(({ catalogMs }) => catalogMs)
    return { what, ratio: Math.max(...costs) / Math.min(...costs) }
  })
  if (options.json) {
    console.log(
      JSON.stringify({ machine: describeMachine(), keys: count, rows, flatness }, null, 2),
    )
    return
  }
  console.log(Object.values(describeMachine()).join(' · '))
  console.log(`\n${count} keys, written in ${filledIn.toFixed(0)} s`)
  for (const { what, depth, httpMs, catalogMs } of rows) {
    const place = `${what.padEnd(8)} from ${`${Math.round(depth * 100)} %`.padStart(5)}`
    console.log(
      `${place}: ${httpMs.toFixed(2)} ms, catalog alone ${catalogMs.toFixed(2)} ms of CPU time`,
    )
  }
  for (const { what, ratio } of flatness) {
    const verdict = ratio <= GOAL_FLAT ? 'reached' : 'NOT reached'
    const text = `dearest page ${ratio.toFixed(2)} x the cheapest, goal ${GOAL_FLAT}: ${verdict}`
    console.log(`${what}, catalog alone: ${text}`)
  }
}
