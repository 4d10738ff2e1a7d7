/**
 * Names the drivers and puts the server together: the only file that knows which catalog and which blob store there are.
 * Nothing listens and nothing is written until `listen` or a first start asks for it.
 */
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRestApi } from './api/rest/rest-api.ts'
import { findAsked } from './api/s3/find-asked.ts'
import { createApp } from './app.ts'
import type { Catalog } from './catalog/catalog.ts'
import { catalogOf, isShared } from './compose-catalog.ts'
import { createPageFaces } from './compose-faces.ts'
import { composeFiles } from './compose-files.ts'
import type { FileStores } from './compose-files.ts'
import type { Reach } from './stores/object-store.ts'
import { createLookers, scannersOf } from './compose-scanners.ts'
import type { Config } from './config.ts'
import { prepareDataDirectory } from './config/data-directory.ts'
import { joinDataLock, lockDataDirectory } from './config/data-lock.ts'
import type { DataLock } from './config/data-lock.ts'
import { isKeptElsewhere, openMasterKeys } from './config/master-key.ts'
import { parseMasterKeys } from './config/master-key-list.ts'
import { formatListeningUrl, formatOrigin } from './config/public-urls.ts'
import { createBucketCache } from './core/buckets/bucket-cache.ts'
import { startLooking } from './compose-looking.ts'
import { edgeOf, paceOf, settingsOf, storageOf } from './compose-settings.ts'
import { openBlobs } from './compose-stores.ts'
import type { OpenedBlobs } from './compose-stores.ts'
import { createStoreWatches } from './compose-watched-stores.ts'
import { createSignIn, createUserTokens } from './compose-users.ts'
import type { CoreContext } from './core/context.ts'
import { createEventLog } from './core/events/event-log.ts'
import { createReservations } from './core/files/quota.ts'
import { createPackRoom } from './core/shares/pack-room.ts'
import { createFolderCache } from './core/folders/folder-cache.ts'
import { createKeyAges } from './core/keys/key-ages.ts'
import { tendMasterKeys } from './core/keys/master-key.ts'
import { fixedMasterKeys } from './core/keys/master-keys.ts'
import type { MasterKeys } from './core/keys/master-keys.ts'
import { createSealer } from './core/keys/seal.ts'
import type { Sealer } from './core/keys/seal.ts'
import { retireSigningKeys, rotateAgedSigningKey } from './core/keys/signing-keys.ts'
import { WEBHOOK_TIMEOUT_MS } from './core/limits.ts'
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
import { waitUntilOurs } from './keep/copy/marks.ts'
import { systemClock } from './platform/clock.ts'
import type { Log } from './platform/log.ts'
import { createMetrics } from './platform/metrics.ts'
import type { Metrics, RenderedMetrics } from './platform/metrics.ts'
import { systemRandom } from './platform/random.ts'
import { createContentHolds } from './trees/managed/content-holds.ts'
import { createDamagedContents } from './trees/managed/damaged-contents.ts'
import { VERSION } from './version.ts'
import { waitForDatabase } from './wait-for-database.ts'
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
  /** Ends the wait for a database that does not answer yet. */
  readonly stop?: AbortSignal
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
  /** Resolves, with what to say, if the catalog is moved elsewhere: from then on nothing that is served is sure to be the newest. */
  readonly moved: Promise<string>
  /** Finishes what is under way, at most ten seconds, then closes the stores. */
  close(): Promise<void>
}

/**
 * Throws `ConfigError` or `StoreError` if the data directory or the catalog cannot be used, after a while if that may change, and an
 * AbortError if it is stopped meanwhile.
 */
export async function compose(config: Config, options: ComposeOptions): Promise<ComposedServer> {
  const { dataDir } = config
  prepareDataDirectory(dataDir, { holdsBlobs: config.blobs === null })
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

interface Stores extends OpenedBlobs, FileStores {
  readonly sealer: Sealer
  readonly masterKeys: MasterKeys
}

const { signal: NEVER } = new AbortController()

async function openStores(
  config: Config,
  { masterKeys: givenKeys = null, role, log, stop = NEVER }: ComposeOptions,
  metrics: Metrics,
): Promise<Stores> {
  const waiting = { log, stop }
  const driver = catalogOf(config, givenKeys !== null || isKeptElsewhere(config), waiting)
  await driver.check()
  const sources = { random: systemRandom, clock: systemClock, isAlone: role === 'server' }
  const opened =
    givenKeys === null
      ? openMasterKeys(config, sources)
      : fixedMasterKeys(...parseMasterKeys(givenKeys))
  // Each of several servers may have a file of its own, and none can change those of the others.
  const masterKeys = isShared(config) ? { ...opened, change: null } : opened
  const sealer = createSealer(masterKeys, systemRandom)
  const catalog = await driver.open()
  return closedIfFailed(catalog, async () => {
    const blobs = await openBlobs(config, catalog.installation, { metrics, log })
    await waitUntilOurs(catalog.processes, log)
    const damaged = createDamagedContents(catalog.scrub)
    return { ...blobs, catalog, sealer, masterKeys, holds: createContentHolds(), damaged }
  })
}

async function closedIfFailed<Result>(
  catalog: Catalog,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await catalog.close()
    throw error
  }
}

interface Surroundings {
  readonly log: Log
  readonly metrics: Metrics
  readonly processId: string
}

interface AddressedCore {
  readonly core: CoreContext
  readonly closeFiles: () => Promise<void>
  /** A port that the system chooses is known once the server listens; no link is made before. */
  readonly setPort: (port: number) => void
  /** Where this machine finds it, whatever the public address is. */
  readonly listeningUrl: () => string
}

function createCore(
  config: Config,
  stores: Stores,
  { log, metrics, processId }: Surroundings,
): AddressedCore {
  const { catalog, sealer, masterKeys } = stores
  let { port } = config
  const clock = systemClock
  const random = systemRandom
  const files = composeFiles(stores, {
    clock,
    random,
    blobsUrl: config.blobs,
    storeNetworks: config.storeNetworks ?? [],
    countBytes: (bytes) => metrics.countStored(bytes),
    onMountSample: (sample) => metrics.observeMountRequest(sample),
  })
  const onDropped = (count: number): void => metrics.countDroppedEvents(count)
  const core: CoreContext = {
    catalog,
    ...files.parts,
    lookAtBlobs: stores.lookAtBlobs,
    folders: createFolderCache(catalog.folders),
    buckets: createBucketCache(catalog.buckets),
    reservations: createReservations(),
    requirePace: paceOf(config),
    linksPerKey: config.linksPerKey,
    packRoom: createPackRoom(),
    uses: createUseTally({ grants: catalog.grants, log }),
    keyUses: createKeyUses({ keys: catalog.keys, log }),
    answers: createLinkAnswers({ clock, random, processId, sleep }),
    events: createEventLog({ events: catalog.events, clock, log, onDropped }),
    userTokens: createUserTokens(config, log),
    signIn: createSignIn(config, { clock, log, sealer }, () => core.publicUrl),
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
    filesDomain: config.domain,
    region: config.region,
    scanners: scannersOf(config),
    webhookNetworks: config.webhookNetworks ?? [],
  }
  return {
    core,
    closeFiles: () => files.close(),
    setPort: (chosen) => {
      port = chosen
    },
    listeningUrl: () => formatListeningUrl(config.host, port),
  }
}

async function composeOn(
  config: Config,
  options: ComposeOptions,
  lock: DataLock,
): Promise<ComposedServer> {
  const { log, watchProcess = false, lostLogLines = () => 0, stop: gaveUp = NEVER } = options
  const { renderMetrics = (own) => own.render(), node = createNode(config) } = options
  const stop = new AbortController()
  const metrics = createMetrics({ watchProcess, lostLogLines, alertRules: WATCH_RULES })
  const stores = await openStores(config, options, metrics)
  const surroundings = { log, metrics, processId: processIdOf(node, process.pid) }
  const { core, closeFiles, setPort, listeningUrl } = createCore(config, stores, surroundings)
  const rest = await createRestApi({
    core,
    metrics: { ...metrics, render: () => renderMetrics(metrics) },
    version: VERSION,
    storage: storageOf(config),
    settings: settingsOf(config),
    findAsked,
    corsOrigins: config.corsOrigins,
    whyNotReady: () => whyNotReady(stores, stop.signal),
  })
  metrics.watchKeys(createKeyAges(core))
  const faces = createPageFaces(config, core, metrics)
  const app = createApp({ core, rest, ...faces, metrics, ...edgeOf(config) })
  const tending = tend(config, options, { core, metrics, stores, node })
  const looked = { core, metrics, log, damaged: stores.damaged, onMoved: () => stop.abort() }
  const looking = await closedIfFailed(stores.catalog, async () => {
    await waitForDatabase(() => tending.join(), { log, stop: gaveUp })
    return startLooking({ ...looked, processes: stores.catalog.processes })
  })

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
    moved: looking.moved,
    close: async () => {
      stop.abort()
      // Whoever spreads the requests looks now and then: until it has, they still come here and are answered.
      if (app.server.listening) await sleep(config.drainSeconds * 1000)
      await app.close()
      await rest.close()
      await tending.stop()
      await looking.stop()
      await closeFiles()
      await stores.catalog.close()
      lock.release()
    },
  }
}

async function tendSigningKeys(core: CoreContext, { signingKeyDays }: Config): Promise<number> {
  const maxAgeMs = signingKeyDays === 0 ? Number.POSITIVE_INFINITY : signingKeyDays * DAY_MS
  return (await rotateAgedSigningKey(core, maxAgeMs)) + (await retireSigningKeys(core))
}

function followersOf({ core, metrics, stores }: Tended, config: Config): readonly Follower[] {
  const mayConnect = createTargetCheck(config.webhookNetworks ?? [])
  const post = createPostOut({ mayConnect, timeoutMs: WEBHOOK_TIMEOUT_MS })
  const ownUrls = (): string[] => [core.publicUrl, core.filesUrl]
  const isOwnPage = createOwnPages(ownUrls, config.corsOrigins ?? [])
  return [
    createWebhookSender({ core, metrics, post }),
    createHeldJudge({ core, metrics, lookers: createLookers(core, config, post) }),
    createKeyReminder({ core, metrics }),
    ...createStoreWatches(core, metrics, stores.lookAtStore),
    createWatchFollower({ core, metrics, createWatcher: () => createWatcher({ isOwnPage }) }),
  ]
}

const WHY_NOT_REACHED: Readonly<Record<Reach['kind'], string | null>> = {
  reached: null,
  silent: 'the object store does not answer',
  refused: 'the object store refuses this server',
}

async function whyNotReady(
  { catalog, lookAtStore }: Stores,
  stop: AbortSignal,
): Promise<string | null> {
  if (stop.aborted) return 'the server is stopping'
  try {
    await catalog.keys.epoch()
    return WHY_NOT_REACHED[(await lookAtStore()).kind]
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
  const { scrubDays } = config
  const shared = { retention: config, isShared: isShared(config), scrubDays, metrics }
  const { files } = core
  const jobs = createJobs({
    ...stores,
    files,
    ...shared,
    clock,
    log,
    tendKeys,
    tendMaster,
    heldAmong,
  })
  const following = createFollowing(followersOf({ core, metrics, stores, node }, config), log)
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
