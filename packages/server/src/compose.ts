/**
 * Names the drivers and puts the server together: the only file that knows which catalog and which blob store there are.
 * Nothing listens and nothing is written until `listen` or a first start asks for it.
 */
import { join } from 'node:path'
import { createRestApi } from './api/rest/rest-api.ts'
import { createApp } from './app.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import type { Config } from './config.ts'
import { loadMasterKey, prepareDataDirectory } from './config/data-directory.ts'
import type { CoreContext } from './core/context.ts'
import { createBlobCache } from './core/files/blob-cache.ts'
import { retireSigningKeys } from './core/keys/access-keys.ts'
import { createKeyRing } from './core/keys/key-ring.ts'
import { createSealer } from './core/keys/seal.ts'
import type { ListenOptions } from './http/create-server.ts'
import { createJobs } from './jobs/jobs.ts'
import type { Jobs } from './jobs/jobs.ts'
import { startSchedule, systemTimers } from './jobs/schedule.ts'
import type { Schedule } from './jobs/schedule.ts'
import { systemClock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import type { Metrics, RenderedMetrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { VERSION } from './version.ts'

export interface ComposeOptions {
  readonly log: Log
  /** Also count memory, CPU and event loop of the process; once a process. */
  readonly watchProcess?: boolean
  /** How many log lines this process has lost so far. */
  readonly lostLogLines?: () => number
  /** Where `/-/metrics` gets its page from, if not from this process alone. */
  readonly renderMetrics?: (own: Metrics) => Promise<RenderedMetrics>
}

export interface ComposedServer {
  readonly core: CoreContext
  readonly metrics: Metrics
  /** Clears away what a crash left, and keeps doing so: in one process of those that share the data, before any listens. */
  startJobs(): Promise<void>
  /** Resolves to the port once requests are answered. */
  listen(options?: Partial<ListenOptions>): Promise<number>
  /** Says which port the address in links has, for a process that does not listen itself. */
  setPort(port: number): void
  /** Where the server listens, as a URL. */
  listeningUrl(): string
  /** Finishes what is under way, at most ten seconds, then closes the stores. */
  close(): Promise<void>
}

/** Throws `ConfigError` or `StoreError` if the data directory or the catalog cannot be used. */
export async function compose(config: Config, options: ComposeOptions): Promise<ComposedServer> {
  const { log, renderMetrics } = options
  prepareDataDirectory(config.dataDir)
  const sealer = createSealer(loadMasterKey(config.dataDir, systemRandom), systemRandom)
  const catalog = createSqliteCatalog({ path: catalogPath(config), clock: systemClock })
  const blobs = createDiskBlobStore({ directory: join(config.dataDir, 'blobs') })
  let { port } = config
  const core: CoreContext = {
    catalog,
    blobs,
    blobCache: createBlobCache(),
    keyRing: createKeyRing({ catalog, sealer, clock: systemClock }),
    sealer,
    clock: systemClock,
    random: systemRandom,
    log,
    // A port that the system chooses is known once the server listens; no link is made before.
    get publicUrl() {
      return config.publicUrl ?? formatOrigin(config.host, port)
    },
    region: config.region,
  }
  const { watchProcess = false, lostLogLines = () => 0 } = options
  const metrics = createMetrics({ watchProcess, lostLogLines })
  const rest = await createRestApi({
    core,
    metrics: {
      observeRequest: (sample) => metrics.observeRequest(sample),
      render: () => (renderMetrics === undefined ? metrics.render() : renderMetrics(metrics)),
    },
    version: VERSION,
    isReady: async () => {
      await catalog.keys.epoch()
      return !app.isStopping()
    },
  })
  const { domain: virtualHostDomain, corsOrigins } = config
  const app = createApp({ core, rest, metrics, virtualHostDomain, corsOrigins })
  const jobs = composeJobs(core)

  return {
    core,
    metrics,
    startJobs: () => jobs.start(),
    listen: async (listenOptions = {}) => {
      const listening = await app.listen({ host: config.host, port: config.port, ...listenOptions })
      port = listening.port
      return port
    },
    setPort: (chosen) => {
      port = chosen
    },
    listeningUrl: () => formatListeningUrl(config.host, port),
    close: async () => {
      await app.close()
      await rest.close()
      await jobs.stop()
      await blobs.close()
      await catalog.close()
    },
  }
}

function composeJobs(core: CoreContext): Jobs {
  const jobs = createJobs(core)
  let retiring: Schedule | null = null
  return {
    start: async () => {
      await jobs.start()
      retiring = startSchedule({ ...RETIRE, run: () => retireKeys(core) }, systemTimers)
    },
    stop: async () => {
      await retiring?.stop()
      await jobs.stop()
    },
  }
}

/** Signing keys that were rotated away and whose last link has run out verify nothing any more. */
const RETIRE = { firstAfterMs: 60_000, everyMs: 3_600_000 }

async function retireKeys(core: CoreContext): Promise<void> {
  try {
    const retired = await retireSigningKeys(core)
    if (retired > 0) core.log.info({ retired }, 'signing keys retired')
  } catch (error) {
    core.log.warn({ err: error }, 'signing keys could not be retired')
  }
}

function catalogPath({ dataDir, databaseUrl }: Config): string {
  return databaseUrl === null ? join(dataDir, 'catalog.db') : databaseUrl.slice('sqlite:'.length)
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])
const ANY_ADDRESS = new Set(['0.0.0.0', '::'])

/** How a client on this machine reaches it. */
function formatOrigin(host: string, port: number): string {
  return ANY_ADDRESS.has(host) ? `http://localhost:${port}` : formatListeningUrl(host, port)
}

function formatListeningUrl(host: string, port: number): string {
  if (LOOPBACK.has(host)) return `http://localhost:${port}`
  return host.includes(':') ? `http://[${host}]:${port}` : `http://${host}:${port}`
}
