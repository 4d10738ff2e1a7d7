/**
 * Names the drivers and puts the server together: the only file that knows which catalog and which blob store there are.
 * Nothing listens and nothing is written until `listen` or a first start asks for it.
 */
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createShareFace } from './api/share/share-face.ts'
import { createConsoleFace } from './api/console/console-face.ts'
import type { ConsoleFace } from './api/console/console-face.ts'
import { readConsoleFiles } from './api/console/console-files.ts'
import { createRestApi } from './api/rest/rest-api.ts'
import { createApp } from './app.ts'
import type { AppOptions } from './app.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import type { Catalog } from './catalog/catalog.ts'
import { hasPostgresCatalog, openPostgresCatalog } from './catalog/postgres/postgres-catalog.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import { createLookers, scannersOf } from './compose-scanners.ts'
import type { Config } from './config.ts'
import { findConsoleFolder } from './config/console-folder.ts'
import {
  prepareDataDirectory,
  requireWholeData,
  requireWholeFile,
} from './config/data-directory.ts'
import { joinDataLock, lockDataDirectory } from './config/data-lock.ts'
import type { DataLock } from './config/data-lock.ts'
import { isKeptElsewhere, openMasterKeys } from './config/master-key.ts'
import { parseMasterKeys } from './config/master-key-list.ts'
import { syncDirectory } from './config/private-files.ts'
import { formatListeningUrl, formatOrigin } from './config/public-urls.ts'
import { createBucketCache } from './core/buckets/bucket-cache.ts'
import { settingsOf } from './compose-settings.ts'
import { createUserTokens } from './compose-users.ts'
import type { CoreContext } from './core/context.ts'
import { createEventLog } from './core/events/event-log.ts'
import { createReservations } from './core/files/quota.ts'
import { createPasswordAttempts } from './core/shares/password-attempts.ts'
import { createFolderCache } from './core/folders/folder-cache.ts'
import { createKeyRing } from './core/keys/key-ring.ts'
import { createKeyAges } from './core/keys/key-ages.ts'
import { tendMasterKeys } from './core/keys/master-key.ts'
import { fixedMasterKeys } from './core/keys/master-keys.ts'
import type { MasterKeys } from './core/keys/master-keys.ts'
import { createSealer } from './core/keys/seal.ts'
import type { Sealer } from './core/keys/seal.ts'
import { retireSigningKeys, rotateAgedSigningKey } from './core/keys/signing-keys.ts'
import { WEBHOOK_TIMEOUT_MS } from './core/limits.ts'
import { createPace } from './core/policy/pace.ts'
import { createLinkAnswers } from './core/links/link-answers.ts'
import { createLinkSigner } from './core/links/sign.ts'
import { createKeyUses } from './core/keys/key-uses.ts'
import { createUseTally } from './core/links/use-tally.ts'
import { createOwnPages } from './core/watch/own-pages.ts'
import { WATCH_RULES } from './core/watch/thresholds.ts'
import { createWatcher } from './core/watch/watcher.ts'
import { createTargetCheck } from './core/webhooks/target-addresses.ts'
import { createPostOut } from './http/post-out.ts'
import type { ListenOptions } from './http/create-server.ts'
import { createFollowing } from './jobs/follow-events.ts'
import type { Follower, Following } from './jobs/follow-events.ts'
import { createJobs } from './jobs/jobs.ts'
import type { Jobs } from './jobs/jobs.ts'
import { createHeldJudge } from './jobs/judge-held.ts'
import { createWatchFollower } from './jobs/watch-events.ts'
import { createKeyReminder } from './jobs/remind-of-keys.ts'
import { createWebhookSender } from './jobs/send-webhooks.ts'
import type { Task } from './jobs/keep-lease.ts'
import { tendAlone, tendTogether } from './jobs/tend.ts'
import type { HeldAmong, Tending } from './jobs/tend.ts'
import { createId } from './platform/ids.ts'
import { StoreError } from './platform/store-errors.ts'
import { startCutting } from './jobs/cut-downloads.ts'
import { startCounting } from './jobs/write-counted.ts'
import { systemClock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import type { Metrics, RenderedMetrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { countStored } from './trees/count-stored.ts'
import { createContentCache } from './trees/managed/content-cache.ts'
import { createContentHolds } from './trees/managed/content-holds.ts'
import type { ContentHolds } from './trees/managed/content-holds.ts'
import { createManagedTree } from './trees/managed/managed-tree.ts'
import { VERSION } from './version.ts'
import { DAY_MS } from './platform/durations.ts'

export interface ComposeOptions {
  readonly log: Log
  /** The server has its data directory to itself; a worker shares that of the server which started it. */
  readonly role: 'server' | 'worker'
  /** Also count memory, CPU and event loop of the process; once a process. */
  readonly watchProcess?: boolean
  /** How many log lines this process has lost so far. */
  readonly lostLogLines?: () => number
  /** Those of the server, for a worker where no file holds them. */
  readonly masterKeys?: string | null
  /** Where `/-/metrics` gets its page from, if not from this process alone. */
  readonly renderMetrics?: (own: Metrics) => Promise<RenderedMetrics>
  /** Which contents other processes are reading, if there are any; `null` if one does not say. */
  readonly heldElsewhere?: (contentIds: readonly string[]) => Promise<readonly string[] | null>
  /** `node` of the server that started this worker. */
  readonly node?: string
}

export interface ComposedServer {
  readonly core: CoreContext
  /** What tells the processes of this server from those of others over the same data: letters and digits. */
  readonly node: string
  readonly metrics: Metrics
  /** Those of `contentIds` that this process is reading. */
  heldAmong(contentIds: readonly string[]): readonly string[]
  /** Clears away what a crash left, and keeps doing so: in one process of a server, before any listens. */
  startJobs(): Promise<void>
  /** Runs `work` while no other server over the same data does the same. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** To be told when another process of this server has ended, however it did. Never rejects. */
  forgetProcess(pid: number): Promise<void>
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
  const { dataDir } = config
  prepareDataDirectory(dataDir)
  // Servers over one database may share the directory too; one with a catalog in it has it to itself.
  const isOnly = options.role === 'server' && !isShared(config)
  const lock = isOnly ? await lockDataDirectory(dataDir) : joinDataLock(dataDir)
  try {
    return await composeOn(config, options, lock)
  } catch (error) {
    lock.release()
    throw error
  }
}

interface Stores {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly sealer: Sealer
  readonly masterKeys: MasterKeys
  readonly holds: ContentHolds
}

async function openStores(
  config: Config,
  { masterKeys: givenKeys = null, role }: Pick<ComposeOptions, 'masterKeys' | 'role'>,
): Promise<Stores> {
  const { dataDir } = config
  const driver = catalogOf(config, givenKeys !== null || isKeptElsewhere(config))
  await driver.check()
  const sources = { random: systemRandom, clock: systemClock, isAlone: role === 'server' }
  const opened =
    givenKeys === null
      ? openMasterKeys(config, sources)
      : fixedMasterKeys(...parseMasterKeys(givenKeys))
  // Each of several servers may have a file of its own, and none can change those of the others.
  const masterKeys = isShared(config) ? { ...opened, change: null } : opened
  const sealer = createSealer(masterKeys, systemRandom)
  const blobs = createDiskBlobStore({ directory: join(dataDir, 'blobs') })
  const catalog = await driver.open()
  return { catalog, blobs, sealer, masterKeys, holds: createContentHolds() }
}

/** How a catalog is looked at, with the directory that goes with it, and how it is opened. */
interface CatalogDriver {
  check(): Promise<void>
  open(): Promise<Catalog>
}

function catalogOf(config: Config, isKeyElsewhere: boolean): CatalogDriver {
  const { dataDir, databaseUrl, databaseConnections: max } = config
  if (databaseUrl !== null && isShared(config)) {
    return {
      check: async () => {
        const isThere = await hasPostgresCatalog(databaseUrl)
        requireWholeData(dataDir, { name: 'The catalog in the database', isThere, isKeyElsewhere })
      },
      open: () => openPostgresCatalog({ url: databaseUrl, max, clock: systemClock }),
    }
  }
  const path = databaseUrl?.slice(SQLITE.length) ?? join(dataDir, 'catalog.db')
  return {
    check: async () => requireWholeFile(dataDir, path, isKeyElsewhere),
    open: async () => {
      const catalog = createSqliteCatalog({ path, clock: systemClock })
      syncDirectory(dirname(path))
      return catalog
    },
  }
}

/** Other servers may be over the same catalog. */
function isShared({ databaseUrl }: Config): boolean {
  return databaseUrl !== null && !databaseUrl.startsWith(SQLITE)
}

const SQLITE = 'sqlite:'

interface Surroundings {
  readonly log: Log
  readonly metrics: Metrics
  readonly processId: string
}

interface AddressedCore {
  readonly core: CoreContext
  /** A port that the system chooses is known once the server listens; no link is made before. */
  readonly setPort: (port: number) => void
  /** Where this machine finds it, whatever the public address is. */
  readonly listeningUrl: () => string
}

function createCore(
  config: Config,
  { catalog, blobs, sealer, masterKeys, holds }: Stores,
  { log, metrics, processId }: Surroundings,
): AddressedCore {
  let { port } = config
  const clock = systemClock
  const random = systemRandom
  const core: CoreContext = {
    catalog,
    files: countStored(
      createManagedTree({ catalog, blobs, cache: createContentCache(), holds, clock, random }),
      (bytes) => metrics.countStored(bytes),
    ),
    folders: createFolderCache(catalog.folders),
    buckets: createBucketCache(catalog.buckets),
    keyRing: createKeyRing({ catalog, sealer, clock }),
    reservations: createReservations(),
    requirePace: createPace(
      { address: config.addressRequestsPerSecond, key: config.keyRequestsPerSecond },
      clock,
    ),
    passwordAttempts: createPasswordAttempts(clock, config.workers),
    uses: createUseTally({ grants: catalog.grants, log }),
    keyUses: createKeyUses({ keys: catalog.keys, log }),
    answers: createLinkAnswers({ clock, random, processId, sleep }),
    events: createEventLog({
      events: catalog.events,
      clock,
      log,
      onDropped: (count) => metrics.countDroppedEvents(count),
    }),
    userTokens: createUserTokens(config, log),
    sealer,
    masterKeys,
    signLink: createLinkSigner(config.region),
    clock,
    random,
    log,
    get publicUrl() {
      return config.publicUrl ?? formatOrigin(config.host, port)
    },
    get filesUrl() {
      return config.filesUrl ?? this.publicUrl
    },
    region: config.region,
    scanners: scannersOf(config),
    webhookNetworks: config.webhookNetworks ?? [],
  }
  const setPort = (chosen: number): void => {
    port = chosen
  }
  return { core, setPort, listeningUrl: () => formatListeningUrl(config.host, port) }
}

/** `null` where it is switched off, or was never built. */
function createConsole(config: Config, core: CoreContext): ConsoleFace | null {
  const folder = config.console === 'on' ? findConsoleFolder() : null
  const files = folder === null ? null : readConsoleFiles(folder)
  return files === null ? null : createConsoleFace({ files, filesOrigin: () => core.filesUrl })
}

async function composeOn(
  config: Config,
  options: ComposeOptions,
  lock: DataLock,
): Promise<ComposedServer> {
  const { log, renderMetrics, watchProcess = false, lostLogLines = () => 0 } = options
  const { node = createNode(config) } = options
  const stop = new AbortController()
  const stores = await openStores(config, options)
  const metrics = createMetrics({ watchProcess, lostLogLines, alertRules: WATCH_RULES })
  const surroundings = { log, metrics, processId: processIdOf(node, process.pid) }
  const { core, setPort, listeningUrl } = createCore(config, stores, surroundings)
  const rest = await createRestApi({
    core,
    metrics: {
      ...metrics,
      render: () => (renderMetrics === undefined ? metrics.render() : renderMetrics(metrics)),
    },
    version: VERSION,
    settings: settingsOf(config),
    corsOrigins: config.corsOrigins,
    whyNotReady: () => whyNotReady(stores, stop.signal),
  })
  metrics.watchKeys(createKeyAges(core))
  const share = createShareFace({ core, metrics })
  const console = createConsole(config, core)
  const app = createApp({ core, rest, share, console, metrics, ...edgeOf(config) })
  const tending = tend(config, options, { core, metrics, stores, node })
  await tending.join()
  const counting = startCounting(core)
  const cutting = startCutting(core)

  return {
    core,
    metrics,
    heldAmong: (contentIds) => stores.holds.heldAmong(contentIds),
    node,
    startJobs: () => tending.startJobs(),
    alone: (work) => tending.alone(work),
    forgetProcess: (pid) => tending.forgetProcess(pid),
    listen: async (listenOptions = {}) => {
      const listening = await app.listen({ host: config.host, port: config.port, ...listenOptions })
      setPort(listening.port)
      return listening.port
    },
    setPort,
    listeningUrl,
    close: async () => {
      stop.abort()
      // Whoever spreads the requests looks now and then: until it has, they still come here and are answered.
      if (app.server.listening) await sleep(config.drainSeconds * 1000)
      await app.close()
      await rest.close()
      await tending.stop()
      await cutting.stop()
      await counting.stop()
      await stores.blobs.close()
      await stores.catalog.close()
      lock.release()
    },
  }
}

function edgeOf({
  domain: virtualHostDomain,
  corsOrigins,
  trustedProxies,
}: Config): Pick<AppOptions, 'virtualHostDomain' | 'corsOrigins' | 'trustedProxies'> {
  return { virtualHostDomain, corsOrigins, trustedProxies }
}

async function tendSigningKeys(core: CoreContext, { signingKeyDays }: Config): Promise<number> {
  const maxAgeMs = signingKeyDays === 0 ? Number.POSITIVE_INFINITY : signingKeyDays * DAY_MS
  return (await rotateAgedSigningKey(core, maxAgeMs)) + (await retireSigningKeys(core))
}

function followersOf(core: CoreContext, metrics: Metrics, config: Config): readonly Follower[] {
  const mayConnect = createTargetCheck(config.webhookNetworks ?? [])
  const post = createPostOut({ mayConnect, timeoutMs: WEBHOOK_TIMEOUT_MS })
  const ownUrls = (): string[] => [core.publicUrl, core.filesUrl]
  const isOwnPage = createOwnPages(ownUrls, config.corsOrigins ?? [])
  return [
    createWebhookSender({ core, metrics, post }),
    createHeldJudge({ core, metrics, lookers: createLookers(core, config, post) }),
    createKeyReminder({ core, metrics }),
    createWatchFollower({ core, metrics, createWatcher: () => createWatcher({ isOwnPage }) }),
  ]
}

async function whyNotReady({ catalog }: Stores, stop: AbortSignal): Promise<string | null> {
  if (stop.aborted) return 'the server is stopping'
  try {
    await catalog.keys.epoch()
    return null
  } catch (error) {
    if (error instanceof StoreError) return 'the catalog does not answer'
    throw error
  }
}

interface Tended {
  readonly core: CoreContext
  readonly metrics: Metrics
  readonly stores: Stores
  readonly node: string
}

function tend(
  config: Config,
  { log, heldElsewhere = () => Promise.resolve([]) }: ComposeOptions,
  { core, metrics, stores, node }: Tended,
): Tending {
  const clock = systemClock
  const tendKeys = (): Promise<number> => tendSigningKeys(core, config)
  const tendMaster = (): Promise<number> => tendMasterKeys(core)
  const heldAmong: HeldAmong = (contentIds) => tending.heldAmong(contentIds)
  const shared = { retention: config, isShared: isShared(config) }
  const jobs = createJobs({ ...stores, ...shared, clock, log, tendKeys, tendMaster, heldAmong })
  const following = createFollowing(followersOf(core, metrics, config), log)
  const { catalog, holds } = stores
  const tended = { stores: { catalog, clock, log }, holds, jobs: startedTogether(jobs, following) }
  const tending = isShared(config)
    ? tendTogether(tended, {
        processId: processIdOf(node, process.pid),
        idOf: (pid) => processIdOf(node, pid),
      })
    : tendAlone(tended, heldElsewhere)
  return tending
}

function processIdOf(node: string, pid: number): string {
  return `${node}${pid}`
}

/** Letters and digits; of a server with a catalog to itself the numbers of its processes are enough. */
function createNode(config: Config): string {
  return isShared(config) ? `${createId(systemRandom, 'n')}p` : ''
}

function startedTogether(jobs: Jobs, following: Following): Task {
  return {
    async start() {
      await jobs.start()
      following.start()
    },
    async stop() {
      await jobs.stop()
      await following.stop()
    },
  }
}
