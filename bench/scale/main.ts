/**
 * What an object store under Hallpass costs: the same requests to a server whose files lie on its disk, to one whose files lie in
 * SeaweedFS, and to SeaweedFS's own gateway, in one run, taking turns; with `--nodes=3` also to one, two and three servers over one
 * PostgreSQL and SeaweedFS. Sixteen requests at once; every URL is signed.
 *
 *     npm run bench -- scale [--nodes=3] [--json] [--rounds=5] [--round-ms=2000] ['GET 1 MiB' …]
 *
 * conformance/stores/install.sh brings SeaweedFS.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { inStore } from '../../conformance/crash/blob-place.ts'
import { inPostgres } from '../../conformance/crash/catalog-place.ts'
import { startServerProcess } from '../../conformance/crash/server-process.ts'
import type { ServerProcess } from '../../conformance/crash/server-process.ts'
import { startSeaweed, whyNoSeaweed } from '../../conformance/lib/seaweed.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { isWanted, readArguments, readNumber } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { measure } from '../lib/rounds.ts'
import type { Contestant, Operation, Row } from '../lib/rounds.ts'
import { createS3Store, requireBucket } from '../serving/s3-store.ts'
import type { S3Store } from '../serving/s3-store.ts'

const KEYS = {
  accessKeyId: 'HPBENCHMARKKEYPAIR23',
  secretAccessKey: 'benchmark/secret+0123456789abcdefghijklm',
}
const SIZES = [
  ['1 KiB', 1024],
  ['1 MiB', 1024 * 1024],
] as const
const AT_ONCE = 16
const FILES = 32
const ON_DISK = 'Hallpass, files on its disk'
const IN_STORE = 'Hallpass, files in SeaweedFS'
const GATEWAY = 'SeaweedFS, its own gateway'

const reason = whyNoSeaweed()
if (reason !== false) {
  console.error(reason)
  process.exit(1)
}
// What stands first wins.
const options = readArguments([...process.argv.slice(2), '--rounds=5', '--round-ms=2000'])
const folder = await mkdtemp(join(tmpdir(), 'hallpass-bench-'))
const seaweed = await startSeaweed()
const disk = await startServerProcess({ dataDir: join(folder, 'disk'), ...KEYS })
const { env } = inStore(seaweed)
const stored = await startServerProcess({ dataDir: join(folder, 'stored'), ...KEYS, env })
const nodes = await startNodes(readNumber(process.argv, 'nodes') ?? 0)
const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })

/** The answer's bytes are counted and not looked at. */
function get(url: string, size: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const sent = request(url, { agent }, (answer) => {
    let count = 0
    answer.on('data', (chunk: Buffer) => (count += chunk.length)).on('error', reject)
    answer.on('end', () => {
      if (answer.statusCode === 200 && count === size) resolve()
      else reject(new Error(`${answer.statusCode} with ${count} bytes`))
    })
  })
  sent.on('error', reject).end()
  return promise
}

/** Alike, over one database and one store. Each is asked under its own address: what spreads requests is nobody's to measure here. */
async function startNodes(count: number): Promise<readonly ServerProcess[]> {
  if (count === 0) return []
  const postgres = await startPostgres({ isDurable: true })
  const places = { ...inPostgres(await postgres.createDatabase()).env, ...inStore(seaweed).env }
  const own = { HALLPASS_MASTER_KEY: randomBytes(32).toString('hex') }
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      startServerProcess({
        dataDir: join(folder, `node-${index}`),
        ...KEYS,
        env: { ...places, ...own },
      }),
    ),
  )
}

interface Server {
  readonly name: string
  /** Asked in turn. */
  readonly stores: readonly S3Store[]
}

const storesOfNodes = nodes.map(({ origin }) => createS3Store(origin, KEYS))
const servers: readonly Server[] = [
  { name: ON_DISK, stores: [createS3Store(disk.origin, KEYS)] },
  { name: IN_STORE, stores: [createS3Store(stored.origin, KEYS)] },
  { name: GATEWAY, stores: [createS3Store(seaweed.origin, seaweed.credentials)] },
  ...storesOfNodes.map((_, index) => ({
    name: `Hallpass, PostgreSQL and SeaweedFS, ${index + 1} of ${nodes.length} nodes`,
    stores: storesOfNodes.slice(0, index + 1),
  })),
]

function storeOf({ stores }: Server, turn: number): S3Store {
  const store = stores[turn % stores.length]
  if (store === undefined) throw new Error('There is no such server.')
  return store
}

async function atOnce(work: (index: number) => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)))
}

function operationsOf(name: string, size: number): readonly Operation[] {
  const body = randomBytes(size)
  let count = 0
  const run = (toRun: (server: Server) => () => Promise<void>): readonly Contestant[] =>
    servers.map((server) => ({ name: server.name, isAsync: true, run: toRun(server) }))
  return [
    {
      name: `GET ${name}, ${AT_ONCE} at once`,
      reference: GATEWAY,
      contestants: run(
        (server) => () =>
          atOnce(() => {
            count += 1
            const key = `${name}/${count % FILES}`
            return get(storeOf(server, count).presign({ method: 'GET', key }), size)
          }),
      ),
    },
    {
      name: `PUT ${name}, ${AT_ONCE} at once`,
      reference: GATEWAY,
      contestants: run(
        (server) => () =>
          atOnce(() => {
            count += 1
            return storeOf(server, count).send({ method: 'PUT', key: `new/${count}` }, body)
          }),
      ),
    },
  ]
}

try {
  const rows: Row[] = []
  // What one node was given, all have.
  const first = new Set(servers.map((server) => storeOf(server, 0)))
  for (const store of first) {
    await requireBucket(store)
    for (const [name, size] of SIZES) {
      for (let file = 0; file < FILES; file += 1) {
        await store.send({ method: 'PUT', key: `${name}/${file}` }, randomBytes(size))
      }
    }
  }
  for (const [name, size] of SIZES) {
    for (const operation of operationsOf(name, size)) {
      if (isWanted(options, operation.name)) rows.push(...(await measure(operation, options)))
    }
  }
  printReport(
    {
      machine: describeMachine(),
      versions: { ...readVersions(['undici']), seaweedfs: '4.48' },
      rounds: options,
      rows,
      skipped: [],
    },
    options.asJson,
  )
} finally {
  agent.destroy()
  await Promise.all([disk, stored, ...nodes].map((server) => server.stop()))
  await seaweed.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(0)
