/** The server of these tests as several, each on a machine of its own as far as they can tell: over PostgreSQL and SeaweedFS, behind one address. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'
import { inStore } from '../crash/blob-place.ts'
import { inPostgres } from '../crash/catalog-place.ts'
import { ADMIN_KEY, startCluster } from '../crash/nodes/cluster.ts'
import type { Cluster } from '../crash/nodes/cluster.ts'
import { startTcpBalancer } from '../lib/balancer.ts'
import { NODES } from '../lib/many-nodes.ts'
import { seaweedOfProcess } from '../lib/seaweed-of-process.ts'
import type { ServedLinks } from './linked-server.ts'

const KEPT_CHARACTERS = 64 * 1024 * 1024
const ALL = Array.from({ length: NODES }, (_, index) => index)

export async function startLinkedNodes(t: TestContext): Promise<ServedLinks> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-links-'))
  const balancer = await startTcpBalancer()
  const postgres = await startPostgres()
  const cluster = await startCluster({
    nodes: NODES,
    folder,
    balancer,
    catalogPlace: inPostgres(await postgres.createDatabase()),
    blobPlace: inStore(await seaweedOfProcess()),
    env: { HALLPASS_LOG_LEVEL: 'info' },
    keptCharacters: KEPT_CHARACTERS,
  })
  const { replace, settled } = replacing(cluster)
  t.after(async () => {
    await settled()
    await cluster.kill()
    await balancer.close()
    await rm(folder, { recursive: true, force: true })
  })
  return {
    url: balancer.origin,
    adminKey: ADMIN_KEY,
    log: () => cluster.output(),
    killOne: (index) => replace([index % NODES]),
    killEach: () => replace(ALL),
    kill: () => cluster.kill(),
    startAgain: async () => void (await Promise.all(ALL.map((index) => cluster.replace(index)))),
  }
}

/** Nobody waits for another one but who takes all of them away. */
function replacing(cluster: Cluster): {
  readonly replace: (indexes: readonly number[]) => void
  readonly settled: () => Promise<void>
} {
  let last: Promise<unknown> = Promise.resolve()
  return {
    replace(indexes) {
      last = Promise.allSettled([last, ...indexes.map((index) => cluster.replace(index))])
    },
    settled: async () => void (await last),
  }
}
