/**
 * The server of a test as several processes, each started as anybody starts one, over one catalog and one store and behind one address. What one of
 * them changes in keys, folders, buckets and revocations every other knows within KEY_REFRESH_MS: the address keeps that time, because
 * who tests what comes of a change would otherwise test when.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import { KEY_REFRESH_MS } from '../../packages/server/src/core/limits.ts'
import { startServerProcess } from '../crash/server-process.ts'
import { startBalancer, startTcpBalancer } from './balancer.ts'
import { NODES } from './many-nodes.ts'
import type { Credentials, Serving, StartOptions } from './start-server.ts'
import type { PlaceSettings } from './test-stores.ts'

export interface NodesOptions {
  readonly dataDir: string
  readonly catalog: Catalog
  readonly places: PlaceSettings
  readonly masterKey: Uint8Array
  readonly adminKey: string
  readonly credentials: Credentials
  readonly options: StartOptions
}

const LOG_CHARACTERS = 64 * 1024 * 1024

export async function startNodes(parts: NodesOptions): Promise<Serving> {
  const { dataDir, credentials, options } = parts
  const start = options.isSpreadByConnection === true ? startTcpBalancer : startBalancer
  const balancer = await start({ before: createSettling(parts.catalog) })
  const env = environmentOf(parts, balancer.origin)
  const nodes = await Promise.all(
    Array.from({ length: NODES }, (_, index) =>
      startServerProcess({
        dataDir: join(dataDir, `node-${index}`),
        ...credentials,
        env,
        keptCharacters: LOG_CHARACTERS,
      }),
    ),
  )
  balancer.spread(nodes.map(({ origin }) => Number(new URL(origin).port)))
  return {
    origin: balancer.origin,
    logText: () => nodes.map((node) => node.output()).join('\n'),
    async stop() {
      await balancer.close()
      await Promise.all(nodes.map((node) => node.kill()))
    },
  }
}

/** Waits until a change that was made before is known to every process. */
function createSettling({ keys }: Catalog): () => Promise<void> {
  let known: number | null = null
  let settled: Promise<unknown> = Promise.resolve()
  return async () => {
    const epoch = await keys.epoch()
    if (epoch !== known) settled = sleep(KEY_REFRESH_MS + 1)
    known = epoch
    await settled
  }
}

function environmentOf(
  { places, masterKey, adminKey, options }: NodesOptions,
  origin: string,
): Record<string, string> {
  if (options.limits !== undefined || options.scanners !== undefined) {
    throw new Error('Limits and scanners of tests are for a server in one process.')
  }
  const { virtualHostDomain, corsOrigins, publicUrl, filesUrl } = options
  const { trustedProxies, linksPerKey, storeNetworks } = options
  const given = {
    HALLPASS_DOMAIN: virtualHostDomain,
    HALLPASS_CORS_ORIGINS: textOf(corsOrigins),
    HALLPASS_PUBLIC_URL: publicUrl ?? origin,
    HALLPASS_FILES_URL: filesUrl,
    HALLPASS_TRUSTED_PROXIES: textOf(trustedProxies),
    HALLPASS_LINKS_PER_KEY: linksPerKey === undefined ? undefined : String(linksPerKey),
    HALLPASS_STORE_NETWORKS: textOf(storeNetworks),
  }
  return {
    ...places,
    ...Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
    HALLPASS_MASTER_KEY: Buffer.from(masterKey).toString('hex'),
    HALLPASS_ADMIN_KEY: adminKey,
    HALLPASS_ADDRESS_REQUESTS_PER_SECOND: '0',
    HALLPASS_KEY_REQUESTS_PER_SECOND: '0',
    HALLPASS_SIGNING_KEY_DAYS: '0',
    HALLPASS_LOG_LEVEL: 'trace',
  }
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(',') : value
}
