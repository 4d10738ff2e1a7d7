/**
 * Names the drivers and puts the server together: the only file that knows which catalog and which blob store there are.
 * Nothing listens and nothing is written until `listen` or a first start asks for it.
 */
import { dirname, join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { createShareFace } from './api/share/share-face.ts'
import { createRestApi } from './api/rest/rest-api.ts'
import { createApp } from './app.ts'
import type { AppOptions } from './app.ts'
import { createUserTokenVerifier } from './auth/verify-user-token.ts'
import type { BlobStore } from './blobs/blob-store.ts'
import { createDiskBlobStore } from './blobs/disk/disk-blob-store.ts'
import type { Catalog } from './catalog/catalog.ts'
import { createSqliteCatalog } from './catalog/sqlite/sqlite-catalog.ts'
import type { Config } from './config.ts'
import { prepareDataDirectory, requireWholeData } from './config/data-directory.ts'
import { joinDataLock, lockDataDirectory } from './config/data-lock.ts'
import type { DataLock } from './config/data-lock.ts'
import { loadMasterKey } from './config/master-key.ts'
import { syncDirectory } from './config/private-files.ts'
import { formatListeningUrl, formatOrigin } from './config/public-urls.ts'
import { createBucketCache } from './core/buckets/bucket-cache.ts'
import type { InstanceSettings } from './core/checklist/facts.ts'
import type { CoreContext } from './core/context.ts'
import { createEventLog } from './core/events/event-log.ts'
import { createReservations } from './core/files/quota.ts'
import { createPasswordAttempts } from './core/shares/password-attempts.ts'
import { createFolderCache } from './core/folders/folder-cache.ts'
import { createKeyRing } from './core/keys/key-ring.ts'
import { createSealer } from './core/keys/seal.ts'
import type { Sealer } from './core/keys/seal.ts'
import { retireSigningKeys, rotateAgedSigningKey } from './core/keys/signing-keys.ts'
import { AUTHORIZER_TIMEOUT_MS, WEBHOOK_TIMEOUT_MS } from './core/limits.ts'
import { createPace } from './core/policy/pace.ts'
import { createLinkAnswers } from './core/links/link-answers.ts'
import { createLinkSigner } from './core/links/sign.ts'
import { createKeyUses } from './core/keys/key-uses.ts'
import { createUseTally } from './core/links/use-tally.ts'
import { createAskApplication } from './core/users/ask-application.ts'
import type { AskApplication } from './core/users/ask-application.ts'
import type { UserTokens } from './core/users/user-tokens.ts'
import { createOwnPages } from './core/watch/own-pages.ts'
import { WATCH_RULES } from './core/watch/thresholds.ts'
import { createWatcher } from './core/watch/watcher.ts'
import { createTargetCheck } from './core/webhooks/target-addresses.ts'
import { createKeyFetch } from './http/fetch-keys.ts'
import { createPostOut } from './http/post-out.ts'
import type { ListenOptions } from './http/create-server.ts'
import { createFollowing } from './jobs/follow-events.ts'
import type { Follower, Following } from './jobs/follow-events.ts'
import { createJobs } from './jobs/jobs.ts'
import type { Jobs } from './jobs/jobs.ts'
import { createWatchFollower } from './jobs/watch-events.ts'
import { createWebhookSender } from './jobs/send-webhooks.ts'
import { forgetReaders } from './jobs/forget-readers.ts'
import { startWatching } from './jobs/watch-downloads.ts'
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
  /** Where `/-/metrics` gets its page from, if not from this process alone. */
  readonly renderMetrics?: (own: Metrics) => Promise<RenderedMetrics>
  /** Which contents other processes are reading, if there are any; `null` if one does not say. */
  readonly heldElsewhere?: (contentIds: readonly string[]) => Promise<readonly string[] | null>
}

export interface ComposedServer {
  readonly core: CoreContext
  readonly metrics: Metrics
  /** Those of `contentIds` that this process is reading. */
  heldAmong(contentIds: readonly string[]): readonly string[]
  /** Clears away what a crash left, and keeps doing so: in one process of those that share the data, before any listens. */
  startJobs(): Promise<void>
  /** To be told when another process over the same data has ended, however it did. Never rejects. */
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
  const lock = options.role === 'server' ? await lockDataDirectory(dataDir) : joinDataLock(dataDir)
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
  readonly holds: ContentHolds
}

function openStores(config: Config): Stores {
  const { dataDir } = config
  const path = catalogPath(config)
  requireWholeData({ dataDir, catalogPath: path })
  const sealer = createSealer(loadMasterKey(dataDir, systemRandom), systemRandom)
  const blobs = createDiskBlobStore({ directory: join(dataDir, 'blobs') })
  const catalog = createSqliteCatalog({ path, clock: systemClock })
  syncDirectory(dirname(path))
  return { catalog, blobs, sealer, holds: createContentHolds() }
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
  { catalog, blobs, sealer, holds }: Stores,
  { log, metrics }: { readonly log: Log; readonly metrics: Metrics },
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
    passwordAttempts: createPasswordAttempts(clock),
    uses: createUseTally({ grants: catalog.grants, log }),
    keyUses: createKeyUses({ keys: catalog.keys, log }),
    answers: createLinkAnswers({ clock, random, processId: String(process.pid), sleep }),
    events: createEventLog({
      events: catalog.events,
      clock,
      log,
      onDropped: (count) => metrics.countDroppedEvents(count),
    }),
    userTokens: createUserTokens(config, log),
    sealer,
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
    webhookNetworks: config.webhookNetworks ?? [],
  }
  const setPort = (chosen: number): void => {
    port = chosen
  }
  return { core, setPort, listeningUrl: () => formatListeningUrl(config.host, port) }
}

/** `null` where no settings say whose tokens are taken. */
function createUserTokens(config: Config, log: Log): UserTokens | null {
  const {
    tokenIssuer: issuer,
    tokenAudience: audiences,
    tokenKeysUrl: keysUrl,
    tokenRules,
  } = config
  if (issuer === null || audiences === null || keysUrl === null) return null
  const clock = systemClock
  const fetchKeys = createKeyFetch(() => clock.now())
  const options = { issuer, audiences, keysUrl, fetchKeys }
  const verify = createUserTokenVerifier({ clock, log }, options)
  return { verify, rules: tokenRules ?? [], ask: createAsk(config, log) }
}

function createAsk(config: Config, log: Log): AskApplication | null {
  const { authorizerUrl: url, authorizerSecret: secret, webhookNetworks } = config
  if (url === null || secret === null) return null
  const mayConnect = createTargetCheck(webhookNetworks ?? [])
  const post = createPostOut({ mayConnect, timeoutMs: AUTHORIZER_TIMEOUT_MS })
  const core = { clock: systemClock, random: systemRandom, log }
  return createAskApplication(core, { url, secret: secret.reveal(), post })
}

async function composeOn(
  config: Config,
  options: ComposeOptions,
  lock: DataLock,
): Promise<ComposedServer> {
  const { log, renderMetrics, watchProcess = false, lostLogLines = () => 0 } = options
  const { heldElsewhere = () => Promise.resolve([]) } = options
  const stores = openStores(config)
  const metrics = createMetrics({ watchProcess, lostLogLines, alertRules: WATCH_RULES })
  const { core, setPort, listeningUrl } = createCore(config, stores, { log, metrics })
  const rest = await createRestApi({
    core,
    metrics: {
      ...metrics,
      render: () => (renderMetrics === undefined ? metrics.render() : renderMetrics(metrics)),
    },
    version: VERSION,
    settings: settingsOf(config),
    corsOrigins: config.corsOrigins,
    isReady: async () => {
      await stores.catalog.keys.epoch()
      return !app.isStopping()
    },
  })
  const share = createShareFace({ core, metrics })
  const app = createApp({ core, rest, share, metrics, ...edgeOf(config) })
  const tendKeys = (): Promise<number> => tendSigningKeys(core, config)
  const { holds } = stores
  const heldAmong = askEverywhere(holds, heldElsewhere)
  const clock = systemClock
  const jobs = createJobs({ ...stores, clock, log, tendKeys, heldAmong, retention: config })
  const following = createFollowing(followersOf(core, metrics, config), log)
  const counting = startCounting(core)
  const watching = startWatching(core)

  return {
    core,
    metrics,
    heldAmong: (contentIds) => holds.heldAmong(contentIds),
    startJobs: () => startAfterCrash(core, jobs, following),
    forgetProcess: (pid) => forgetReaders(core, pid),
    listen: async (listenOptions = {}) => {
      const listening = await app.listen({ host: config.host, port: config.port, ...listenOptions })
      setPort(listening.port)
      return listening.port
    },
    setPort,
    listeningUrl,
    close: async () => {
      await app.close()
      await rest.close()
      await jobs.stop()
      await following.stop()
      await watching.stop()
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

/** What the checklist may know of the settings: no secret is among it. */
function settingsOf(config: Config): InstanceSettings {
  const { trustedProxies, signingKeyDays, eventDays, auditDays } = config
  const { addressRequestsPerSecond, keyRequestsPerSecond } = config
  return {
    trustedProxies,
    takesEveryOrigin: config.corsOrigins === '*',
    signingKeyDays,
    eventDays,
    auditDays,
    addressRequestsPerSecond,
    keyRequestsPerSecond,
  }
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
    createWatchFollower({ core, metrics, createWatcher: () => createWatcher({ isOwnPage }) }),
  ]
}

type HeldAmong = (contentIds: readonly string[]) => Promise<readonly string[] | null>

/** What is held here and elsewhere; `null` if somebody did not say. */
function askEverywhere(holds: ContentHolds, heldElsewhere: HeldAmong): HeldAmong {
  return async (contentIds) => {
    const elsewhere = await heldElsewhere(contentIds)
    return elsewhere === null ? null : [...elsewhere, ...holds.heldAmong(contentIds)]
  }
}

async function startAfterCrash(core: CoreContext, jobs: Jobs, following: Following): Promise<void> {
  await forgetReaders(core, null)
  await jobs.start()
  following.start()
}

function catalogPath({ dataDir, databaseUrl }: Config): string {
  return databaseUrl === null ? join(dataDir, 'catalog.db') : databaseUrl.slice('sqlite:'.length)
}
