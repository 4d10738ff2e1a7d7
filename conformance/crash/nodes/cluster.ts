/** Servers alike over one database and one object store, each with a folder of its own, that are killed and come again. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { BlobPlace } from '../blob-place.ts'
import type { CatalogPlace } from '../catalog-place.ts'
import { findPort } from '../../../packages/server/test/support/free-port.ts'
import { startServerProcess } from '../server-process.ts'
import type { ServerProcess } from '../server-process.ts'
import type { Balancer } from '../../lib/balancer.ts'

export interface ClusterOptions {
  readonly nodes: number
  readonly folder: string
  readonly balancer: Balancer
  readonly catalogPlace: CatalogPlace
  readonly blobPlace: BlobPlace
  /** Further settings. */
  readonly env?: Readonly<Record<string, string>>
  /** How much of the end of what each writes is kept. */
  readonly keptCharacters?: number
}

export interface Cluster {
  /** Of each by itself. */
  readonly origins: readonly string[]
  /** `kill -9` of one, and another start in its place; resolves when it takes requests again. */
  replace(index: number): Promise<void>
  kill(): Promise<void>
  /** The last of what each wrote. */
  readonly output: () => string
}

export const KEYS = {
  accessKeyId: 'HPCRASHNODESKEYPAIR2',
  secretAccessKey: 'crash-nodes/secret+0123456789abcdefghijk',
}
export const ADMIN_KEY = 'crash-nodes-admin-key-0123456789abcdefgh'

/** All, or none. */
async function startAll(starting: readonly Promise<ServerProcess>[]): Promise<ServerProcess[]> {
  try {
    return await Promise.all(starting)
  } catch (error) {
    const settled = await Promise.allSettled(starting)
    const started = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    await Promise.all(started.map((node) => node.kill()))
    throw error
  }
}

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { balancer, folder, catalogPlace, blobPlace, keptCharacters } = options
  const env = {
    ...catalogPlace.env,
    ...blobPlace.env,
    HALLPASS_ADMIN_KEY: ADMIN_KEY,
    HALLPASS_MASTER_KEY: randomBytes(32).toString('hex'),
    HALLPASS_PUBLIC_URL: balancer.origin,
    HALLPASS_TRUSTED_PROXIES: '127.0.0.0/8',
    ...options.env,
  }
  const ports: number[] = []
  for (let index = 0; index < options.nodes; index += 1) ports.push(await findPort())
  const start = (port: number): Promise<ServerProcess> =>
    startServerProcess({
      dataDir: join(folder, `node-${port}`),
      ...KEYS,
      port,
      env,
      ...(keptCharacters !== undefined && { keptCharacters }),
    })
  // All at once over a database that is empty.
  const nodes = await startAll(ports.map(start))
  balancer.spread(ports)
  return {
    origins: nodes.map(({ origin }) => origin),
    async replace(index) {
      const port = ports[index]
      if (port === undefined) throw new RangeError(`There is no node ${index}.`)
      await nodes[index]?.kill()
      nodes[index] = await start(port)
    },
    output: () => nodes.map((node) => node.output()).join('\n'),
    kill: async () => void (await Promise.all(nodes.map((node) => node.kill()))),
  }
}
