/**
 * What an object store under Hallpass costs: the same requests to a server whose files lie on its disk, to one whose files lie in
 * SeaweedFS, and to SeaweedFS's own gateway, in one run, taking turns; with `--nodes=3` also to one, two and three servers over one
 * PostgreSQL and SeaweedFS. Sixteen requests at once; every URL is signed. Links that are issued; and, by the processor
 * time of Hallpass, links that are used: over SQLite and over PostgreSQL, and those that redirect to SeaweedFS beside those whose bytes pass.
 *
 *     npm run bench -- scale [--nodes=3] [--json] [--rounds=5] [--round-ms=2000] ['GET 1 MiB' …]
 *
 * conformance/stores/install.sh brings SeaweedFS.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import type { ServerProcess } from '../../conformance/crash/server-process.ts'
import { startSeaweed, whyNoSeaweed } from '../../conformance/lib/seaweed.ts'
import { isWanted, readArguments, readNumber } from '../lib/arguments.ts'
import { describeMachine, printReport, readVersions } from '../lib/report.ts'
import { measure } from '../lib/rounds.ts'
import type { Contestant, Operation, Row } from '../lib/rounds.ts'
import { BUCKET, createS3Store, requireBucket } from '../serving/s3-store.ts'
import type { S3Store } from '../serving/s3-store.ts'
import { AT_ONCE, agent, atOnce, download } from './download.ts'
import { measureByProcessor, nameByProcessor } from './by-processor.ts'
import type { Downloading } from './by-processor.ts'
import { REDIRECTED, issueLinks, mountFiles } from './links.ts'
import { IN_STORE, KEYS, ON_DISK, askRest, startServers } from './servers.ts'

const SIZES = [
  ['1 KiB', 1024],
  ['1 MiB', 1024 * 1024],
] as const
const [SMALL, LARGE] = SIZES
const OWN = 'GET 1 KiB by link'
const MOUNTED = 'GET 1 MiB by link, mounted'
const FILES = 32
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
const started = await startServers(folder, seaweed, readNumber(process.argv, 'nodes') ?? 0)
const { disk, stored, nodes } = started

interface Server {
  readonly name: string
  /** Asked in turn. */
  readonly stores: readonly S3Store[]
}

const storesOfNodes = nodes.map(({ origin }) => createS3Store(origin, KEYS))
const hallpasses: readonly Server[] = [
  { name: ON_DISK, stores: [createS3Store(disk.origin, KEYS)] },
  { name: IN_STORE, stores: [createS3Store(stored.origin, KEYS)] },
  ...storesOfNodes.map((_, index) => ({
    name: `Hallpass, PostgreSQL and SeaweedFS, ${index + 1} of ${nodes.length} nodes`,
    stores: storesOfNodes.slice(0, index + 1),
  })),
]
const servers: readonly Server[] = [
  ...hallpasses,
  { name: GATEWAY, stores: [createS3Store(seaweed.origin, seaweed.credentials)] },
]

function storeOf({ stores }: Server, turn: number): S3Store {
  const store = stores[turn % stores.length]
  if (store === undefined) throw new Error('There is no such server.')
  return store
}

let count = 0

/** Each call of `work` gets a server in turn, and a number that nobody had. */
function contestants(
  among: readonly Server[],
  work: (store: S3Store, number: number) => Promise<unknown>,
): readonly Contestant[] {
  return among.map((server) => ({
    name: server.name,
    isAsync: true,
    run: () =>
      atOnce(() => {
        count += 1
        return work(storeOf(server, count), count)
      }),
  }))
}

function operationsOf(name: string, size: number): readonly Operation[] {
  const body = randomBytes(size)
  return [
    {
      name: `GET ${name}, ${AT_ONCE} at once`,
      reference: GATEWAY,
      contestants: contestants(servers, (store, number) =>
        download(store.presign({ method: 'GET', key: `${name}/${number % FILES}` }), size),
      ),
    },
    {
      name: `PUT ${name}, ${AT_ONCE} at once`,
      reference: GATEWAY,
      contestants: contestants(servers, (store, number) =>
        store.send({ method: 'PUT', key: `new/${number}` }, body),
      ),
    },
  ]
}

const OPERATIONS: readonly Operation[] = [
  ...SIZES.flatMap(([name, size]) => operationsOf(name, size)),
  {
    name: `issue a link, ${AT_ONCE} at once`,
    reference: ON_DISK,
    contestants: contestants(hallpasses, ({ origin }, number) =>
      askRest(origin, 'POST', 'links', { path: `${BUCKET}/1 KiB/${number % FILES}` }),
    ),
  },
]

async function fill(store: S3Store): Promise<void> {
  await requireBucket(store)
  for (const [name, size] of SIZES) {
    for (let file = 0; file < FILES; file += 1) {
      await store.send({ method: 'PUT', key: `${name}/${file}` }, randomBytes(size))
    }
  }
}

async function linksOf(name: string, server: ServerProcess): Promise<Downloading> {
  const keys = Array.from({ length: FILES }, (_, file) => `${SMALL[0]}/${file}`)
  return { name, pid: server.pid, urls: await issueLinks({ server, bucket: BUCKET, keys }) }
}

/** One of them: they are alike. */
async function linksOfNodes(): Promise<readonly Downloading[]> {
  const [node] = nodes
  return node === undefined ? [] : [await linksOf('Hallpass, PostgreSQL and SeaweedFS', node)]
}

interface Goal {
  readonly operation: RegExp
  readonly contestant: string
  readonly atLeast: number
}

const GOALS: readonly Goal[] = [
  { operation: /^GET 1 MiB, /, contestant: IN_STORE, atLeast: 0.7 },
  ...hallpasses
    .slice(2)
    .map(({ name }) => ({ operation: /^GET 1 MiB, /, contestant: name, atLeast: 0.7 })),
  { operation: /mounted/, contestant: REDIRECTED, atLeast: 3 },
]

function judge(rows: readonly Row[]): readonly string[] {
  return GOALS.flatMap(({ operation, contestant, atLeast }) => {
    const row = rows.find((one) => operation.test(one.operation) && one.contestant === contestant)
    if (row === undefined) return []
    const verdict = row.ratio >= atLeast ? 'reached' : 'NOT reached'
    return [`${row.operation}, ${contestant}: ${row.ratio.toFixed(2)}, goal ${atLeast}: ${verdict}`]
  })
}

try {
  const rows: Row[] = []
  // What one node was given, all have.
  for (const store of new Set(servers.map((server) => storeOf(server, 0)))) await fill(store)
  for (const operation of OPERATIONS) {
    if (isWanted(options, operation.name)) rows.push(...(await measure(operation, options)))
  }
  if (isWanted(options, nameByProcessor(OWN))) {
    const contestants = [await linksOf(ON_DISK, disk), ...(await linksOfNodes())] as const
    rows.push(...(await measureByProcessor({ what: OWN, size: SMALL[1], contestants }, options)))
  }
  if (isWanted(options, nameByProcessor(MOUNTED))) {
    const contestants = await mountFiles(disk, seaweed, { files: FILES, size: LARGE[1] })
    rows.push(
      ...(await measureByProcessor({ what: MOUNTED, size: LARGE[1], contestants }, options)),
    )
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
  if (!options.asJson) console.log(`\n${judge(rows).join('\n')}`)
} finally {
  agent.destroy()
  await started.stop()
  await seaweed.stop()
  await rm(folder, { recursive: true, force: true })
}
process.exit(0)
