/**
 * Several servers over one PostgreSQL and one object store, while nodes are killed and the database is restarted under load: nothing
 * that was acknowledged is lost or torn, and whoever sends again is answered.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { startPostgres } from '../../../packages/server/test/support/postgres-server.ts'
import type { PostgresServer } from '../../../packages/server/test/support/postgres-server.ts'
import type { BlobPlace } from '../blob-place.ts'
import { inPostgres } from '../catalog-place.ts'
import type { CatalogPlace } from '../catalog-place.ts'
import { checkBytes } from '../check-bytes.ts'
import { checkRows } from '../check-state.ts'
import { createObjectClient } from '../object-client.ts'
import { BUCKET, pathOf } from '../object-names.ts'
import { createSeededRandom } from '../random.ts'
import { createRestClient } from '../rest-client.ts'
import { startBalancer } from '../../lib/balancer.ts'
import { ADMIN_KEY, KEYS, startCluster } from './cluster.ts'
import type { Cluster } from './cluster.ts'
import { raceForUses, revokeEverywhere } from './links-of-nodes.ts'
import type { Race } from './links-of-nodes.ts'
import { createRetrying } from './retry.ts'
import { startSteadyClients } from './steady-clients.ts'
import type { SteadyClients } from './steady-clients.ts'

export interface NodesRunOptions {
  readonly nodes: number
  readonly blobs: BlobPlace
  readonly seed: number
  /** Nodes that are killed, each after so many answers, and so long at least after the one before. */
  readonly kills: number
  readonly killEveryMs: number
  /** Of the database: in turns as an administrator does it, and as a crash. */
  readonly restarts: number
  readonly race: Race
  readonly revocations: number
  readonly report: (line: string) => void
}

export interface NodesRunResult {
  readonly acknowledged: number
  /** Requests that were sent again. */
  readonly retries: number
  /** How many of those who raced got a file. */
  readonly served: number
  /** From the answer to a revocation until the last node refused. */
  readonly slowestRevocationMs: number
  /** Empty is what is wanted. */
  readonly faults: readonly string[]
}

const CLIENTS = 16
const ANSWERS_BETWEEN = 40

export async function runNodes(options: NodesRunOptions): Promise<NodesRunResult> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-nodes-'))
  const balancer = await startBalancer()
  const postgres = await startPostgres()
  const catalogPlace = inPostgres(await postgres.createDatabase())
  const { blobs: blobPlace, nodes } = options
  const cluster = await startCluster({ nodes, folder, balancer, catalogPlace, blobPlace })
  try {
    const result = await play(options, { origin: balancer.origin, cluster, postgres })
    await cluster.kill()
    const faults = [...result.faults, ...(await checkStores(catalogPlace, blobPlace))]
    return { ...result, faults }
  } catch (error) {
    throw new Error(`The run did not come to its end; the nodes wrote:\n${cluster.output()}`, {
      cause: error,
    })
  } finally {
    await cluster.kill()
    await balancer.close()
    await rm(folder, { recursive: true, force: true })
  }
}

interface Playing {
  readonly origin: string
  readonly cluster: Cluster
  readonly postgres: PostgresServer
}

async function play(options: NodesRunOptions, playing: Playing): Promise<NodesRunResult> {
  const { origin, cluster } = playing
  const { report, seed } = options
  const objects = createObjectClient({ origin, bucket: BUCKET, ...KEYS })
  const rest = createRestClient(origin, ADMIN_KEY)
  await objects.createBucket()
  const retrying = createRetrying()
  const random = createSeededRandom(seed)
  const clients = startSteadyClients({ objects, retrying, random, clients: CLIENTS })
  await clients.more(ANSWERS_BETWEEN)
  for (let kill = 0; kill < options.kills; kill += 1) {
    const isOver = sleep(options.killEveryMs)
    await cluster.replace(kill % options.nodes)
    await Promise.all([clients.more(ANSWERS_BETWEEN), isOver])
    report(`kill ${kill + 1}: ${describe(clients, retrying.retries())}`)
  }
  for (let restart = 0; restart < options.restarts; restart += 1) {
    await playing.postgres.restart(restart % 2 === 0 ? 'SIGINT' : 'SIGQUIT')
    await clients.more(ANSWERS_BETWEEN)
    report(`restart ${restart + 1}: ${describe(clients, retrying.retries())}`)
  }
  const held = await clients.end()
  const faults = await checkObjects(held, cluster)
  await objects.put('linked', Buffer.from('linked'))
  const linked = { origin, origins: cluster.origins, rest, path: pathOf('linked') }
  const key = await rest.createKey()
  const raced = await raceForUses({ ...linked, key }, options.race)
  const revoked = await revokeEverywhere({ ...linked, key }, options.revocations)
  return {
    acknowledged: clients.acknowledged(),
    retries: retrying.retries(),
    served: raced.served,
    slowestRevocationMs: revoked.slowestMs,
    faults: [...faults, ...raced.faults, ...revoked.faults],
  }
}

function describe(clients: SteadyClients, retries: number): string {
  return `${clients.acknowledged()} acknowledged, ${retries} sent again`
}

/** Every node has what must be there, whole, and nothing else. */
async function checkObjects(
  held: ReadonlyMap<string, string>,
  { origins }: Cluster,
): Promise<string[]> {
  const faults: string[] = []
  for (const origin of origins) {
    const objects = createObjectClient({ origin, bucket: BUCKET, ...KEYS })
    for (const [key, sha256] of held) {
      const found = await objects.get(key)
      if (found === null) faults.push(`${origin} lost ${key}`)
      else if (found.sha256 !== sha256) faults.push(`${origin} has other bytes at ${key}`)
    }
    const listed = await objects.listKeys()
    const isSame = listed.toSorted().join('\n') === [...held.keys()].toSorted().join('\n')
    if (!isSame) faults.push(`${origin} lists ${listed.length} keys, expected ${held.size}`)
  }
  return faults
}

async function checkStores(catalogPlace: CatalogPlace, blobPlace: BlobPlace): Promise<string[]> {
  return [...(await checkRows(catalogPlace)), ...(await checkBytes(catalogPlace, blobPlace))]
}
