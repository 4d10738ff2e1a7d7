/**
 * A real server for conformance tests: SQLite and disk in a folder of its own, any free port, both faces, in this
 * process. `withServer` starts it, hands it over, and takes everything away again.
 */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRestApi } from '../../packages/server/src/api/rest/rest-api.ts'
import { createApp } from '../../packages/server/src/app.ts'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../packages/server/src/blobs/disk/disk-blob-store.ts'
import { createSqliteCatalog } from '../../packages/server/src/catalog/sqlite/sqlite-catalog.ts'
import type { Catalog } from '../../packages/server/src/catalog/catalog.ts'
import { openPostgresCatalog } from '../../packages/server/src/catalog/postgres/postgres-catalog.ts'
import { composeFiles } from '../../packages/server/src/compose-files.ts'
import { createBucketCache } from '../../packages/server/src/core/buckets/bucket-cache.ts'
import type { CoreContext } from '../../packages/server/src/core/context.ts'
import { createEventLog } from '../../packages/server/src/core/events/event-log.ts'
import { createPace } from '../../packages/server/src/core/policy/pace.ts'
import { createReservations } from '../../packages/server/src/core/files/quota.ts'
import { createFolderCache } from '../../packages/server/src/core/folders/folder-cache.ts'
import { makePrincipal } from '../../packages/server/src/core/identity.ts'
import type { Principal } from '../../packages/server/src/core/identity.ts'
import { createAccessKey } from '../../packages/server/src/core/keys/access-keys.ts'
import type { AccessKeyOptions } from '../../packages/server/src/core/keys/access-keys.ts'
import { ensureKeys } from '../../packages/server/src/core/keys/first-start.ts'
import { FULL_SCOPE } from '../../packages/server/src/core/keys/scopes.ts'
import { fixedMasterKeys } from '../../packages/server/src/core/keys/master-keys.ts'
import { createSealer } from '../../packages/server/src/core/keys/seal.ts'
import { createLinkAnswers } from '../../packages/server/src/core/links/link-answers.ts'
import { createLinkSigner } from '../../packages/server/src/core/links/sign.ts'
import { cutAnswers } from '../../packages/server/src/core/links/cut-answers.ts'
import { createKeyUses } from '../../packages/server/src/core/keys/key-uses.ts'
import { createUseTally } from '../../packages/server/src/core/links/use-tally.ts'
import { createShareFace } from '../../packages/server/src/api/share/share-face.ts'
import { createPackRoom } from '../../packages/server/src/core/shares/pack-room.ts'
import { createTusFace } from '../../packages/server/src/api/tus/tus-face.ts'
import { createUppyFace } from '../../packages/server/src/api/uppy/uppy-face.ts'
import { authorizeInstance } from '../../packages/server/src/core/policy/authorize.ts'
import type { HttpLimits } from '../../packages/server/src/http/limits.ts'
import { startSchedule, systemTimers } from '../../packages/server/src/jobs/schedule.ts'
import type { Clock } from '../../packages/server/src/platform/clock.ts'
import { systemClock } from '../../packages/server/src/platform/clock.ts'
import { createLogTo } from './log-capture.ts'
import { MOUNTS_BUCKETS } from './mounted-buckets.ts'
import { createMetrics } from '../../packages/server/src/platform/metrics.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { createContentHolds } from '../../packages/server/src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../packages/server/src/trees/managed/damaged-contents.ts'
import { startPostgres } from '../../packages/server/test/support/postgres-server.ts'

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface RunningServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string
  readonly port: number
  readonly region: string
  readonly dataDir: string
  readonly adminKey: string
  /** Full rights, up to seven days. */
  readonly credentials: Credentials
  readonly core: CoreContext
  /** Everybody's rights, to prepare things past the faces. */
  readonly admin: Principal
  /** Names of all that rests in the blob store or was begun there, in order. */
  readonly listBytes: () => Promise<readonly string[]>
  /** Every line logged so far. */
  readonly logText: () => string
  /** Moves the server's clock, for what depends on time. */
  readonly advanceClock: (ms: number) => void
  readonly createKey: (options: AccessKeyOptions) => Promise<Credentials>
  readonly stop: () => Promise<void>
}

export interface StartOptions {
  readonly limits?: Partial<HttpLimits>
  readonly virtualHostDomain?: string
  readonly corsOrigins?: '*' | readonly string[]
  /** How clients reach it, where that is not the address it listens on. */
  readonly publicUrl?: string
  /** A host of its own for files. */
  readonly filesUrl?: string
  /** Proxies whose word on the client's address counts. */
  readonly trustedProxies?: readonly string[]
  /** Who would look at files; nobody does. */
  readonly scanners?: CoreContext['scanners']
  /** Links that one key has alive at once. */
  readonly linksPerKey?: number
  /** Networks that stores of mounted buckets may be in though they are not public. */
  readonly storeNetworks?: readonly string[]
}

const ADMIN_KEY = 'hp_conformance_0123456789abcdefghijklmnopqrstuvwxyz'
const CREDENTIALS: Credentials = {
  accessKeyId: 'HPCONFORMANCETESTKEY',
  secretAccessKey: 'conformance/Secret+Key/0123456789abcdefghij',
}

/** In SQLite, or with HALLPASS_TEST_CATALOG=postgres in a database of its own. */
async function openCatalog(dataDir: string, clock: Clock): Promise<Catalog> {
  if (process.env['HALLPASS_TEST_CATALOG'] !== 'postgres') {
    return createSqliteCatalog({ path: join(dataDir, 'catalog.db'), clock })
  }
  const postgres = await startPostgres()
  return openPostgresCatalog({ url: await postgres.createDatabase(), max: 6, clock })
}

export interface TestBlobs extends Pick<RunningServer, 'listBytes'> {
  readonly blobs: BlobStore
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

/** On the disk, or with HALLPASS_TEST_BLOBS=seaweed in a store that this process starts once, below a prefix of its own. */
async function openTestBlobs(dataDir: string): Promise<TestBlobs> {
  if (process.env['HALLPASS_TEST_BLOBS'] !== 'seaweed') {
    const directory = join(dataDir, 'blobs')
    return { blobs: createDiskBlobStore({ directory }), listBytes: () => listFiles(directory) }
  }
  return (await import('./seaweed-blobs.ts')).openSeaweedBlobs()
}

export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-'))
  let offsetMs = 0
  const clock = { now: () => systemClock.now() + offsetMs }
  const captured: string[] = []
  const log = createLogTo(captured)
  const random = systemRandom
  const catalog = await openCatalog(dataDir, clock)
  const { blobs, listBytes } = await openTestBlobs(dataDir)
  const masterKeys = fixedMasterKeys(random.bytes(32))
  const sealer = createSealer(masterKeys, random)
  const metrics = createMetrics()
  let origin = ''
  const damaged = createDamagedContents(catalog.scrub)
  const stores = { catalog, blobs, holds: createContentHolds(), damaged, sealer }
  const files = composeFiles(stores, {
    clock,
    random,
    blobsUrl: null,
    storeNetworks: options.storeNetworks ?? (MOUNTS_BUCKETS ? ['127.0.0.1/32'] : []),
    countBytes: (bytes) => metrics.countStored(bytes),
    onMountSample: (sample) => metrics.observeMountRequest(sample),
  })
  const core: CoreContext = {
    catalog,
    ...files.parts,
    lookAtBlobs: null,
    folders: createFolderCache(catalog.folders),
    buckets: createBucketCache(catalog.buckets),
    reservations: createReservations(),
    requirePace: createPace({ address: 0, key: 0 }, clock),
    packRoom: createPackRoom(),
    uses: createUseTally({ grants: catalog.grants, log }),
    keyUses: createKeyUses({ keys: catalog.keys, log }),
    answers: createLinkAnswers({ clock, random, processId: 'conformance', sleep }),
    events: createEventLog({
      events: catalog.events,
      clock,
      log,
      onDropped: (count) => metrics.countDroppedEvents(count),
    }),
    sealer,
    masterKeys,
    signLink: createLinkSigner('us-east-1'),
    clock,
    random,
    log,
    // Known only once the server listens.
    get publicUrl() {
      return options.publicUrl ?? origin
    },
    get filesUrl() {
      return options.filesUrl ?? this.publicUrl
    },
    filesDomain: null,
    region: 'us-east-1',
    scanners: options.scanners ?? [],
    webhookNetworks: [],
    linksPerKey: options.linksPerKey ?? 100_000,
    userTokens: null,
    signIn: null,
  }
  await ensureKeys(core, { adminKey: ADMIN_KEY, accessKey: CREDENTIALS })
  const rest = await createRestApi({
    core,
    metrics,
    version: '0.0.0',
    settings: {
      trustedProxies: null,
      takesEveryOrigin: false,
      signingKeyDays: 0,
      eventDays: 30,
      auditDays: 400,
      addressRequestsPerSecond: 0,
      keyRequestsPerSecond: 0,
    },
    corsOrigins: null,
    whyNotReady: () => Promise.resolve(null),
  })
  const pages = { core, metrics, corsOrigins: options.corsOrigins ?? null }
  const app = createApp({
    core,
    rest,
    share: createShareFace({ core, metrics }),
    tus: createTusFace(pages),
    uppy: createUppyFace(pages),
    metrics,
    ...options,
  })
  const cutting = startSchedule(
    { firstAfterMs: 200, everyMs: 200, run: () => cutAnswers(core) },
    systemTimers,
  )
  const { port } = await app.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${port}`
  const { apiKeys } = (await core.keyRing.refresh()).snapshot
  const admin = makePrincipal({
    kind: 'api-key',
    id: apiKeys[0]?.id ?? '',
    scope: FULL_SCOPE,
    clientIp: '127.0.0.1',
  })
  return {
    origin,
    port,
    region: core.region,
    dataDir,
    adminKey: ADMIN_KEY,
    credentials: CREDENTIALS,
    core,
    admin,
    listBytes,
    logText: () => captured.join(''),
    advanceClock: (ms) => {
      offsetMs += ms
    },
    createKey: async (keyOptions) => {
      const permit = await authorizeInstance(core, admin)
      const { record, secretAccessKey } = await createAccessKey(core, permit, keyOptions)
      await core.keyRing.refresh()
      return { accessKeyId: record.id, secretAccessKey }
    },
    stop: async () => {
      app.server.closeAllConnections()
      await app.close()
      await rest.close()
      await cutting.stop()
      await files.close()
      await catalog.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** Starts, hands over, stops, also when `use` throws. */
export async function withServer(
  use: (server: RunningServer) => Promise<void>,
  options: StartOptions = {},
): Promise<void> {
  const server = await startServer(options)
  try {
    await use(server)
  } finally {
    await server.stop()
  }
}
