/**
 * A real server for conformance tests: SQLite and disk in a folder of its own, any free port, both faces, in this
 * process; or, with HALLPASS_TEST_NODES, several processes over one catalog and one store. `withServer` starts it, hands it over, and takes
 * everything away again.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRestApi } from '../../packages/server/src/api/rest/rest-api.ts'
import { findAsked } from '../../packages/server/src/api/s3/find-asked.ts'
import { createApp } from '../../packages/server/src/app.ts'
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
import { systemClock } from '../../packages/server/src/platform/clock.ts'
import { createLogTo } from './log-capture.ts'
import { NODES } from './many-nodes.ts'
import { MOUNTS_BUCKETS } from './mounted-buckets.ts'
import { STORAGE, openTestBlobs, openTestCatalog } from './test-stores.ts'
import { createMetrics } from '../../packages/server/src/platform/metrics.ts'
import type { Metrics } from '../../packages/server/src/platform/metrics.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { createContentHolds } from '../../packages/server/src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../packages/server/src/trees/managed/damaged-contents.ts'

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
  /** Of several processes each connection goes to the next, not each request: what is sent has to arrive as it is. */
  readonly isSpreadByConnection?: boolean
}

const ADMIN_KEY = 'hp_conformance_0123456789abcdefghijklmnopqrstuvwxyz'
const CREDENTIALS: Credentials = {
  accessKeyId: 'HPCONFORMANCETESTKEY',
  secretAccessKey: 'conformance/Secret+Key/0123456789abcdefghij',
}

export async function startServer(options: StartOptions = {}): Promise<RunningServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hallpass-'))
  let offsetMs = 0
  const clock = { now: () => systemClock.now() + offsetMs }
  const captured: string[] = []
  const log = createLogTo(captured)
  const storeNetworks = options.storeNetworks ?? (MOUNTS_BUCKETS ? ['127.0.0.1/32'] : [])
  const random = systemRandom
  const { catalog, env: catalogEnv } = await openTestCatalog(dataDir, clock)
  const { blobs, listBytes, env: blobsEnv } = await openTestBlobs(dataDir)
  const masterKey = random.bytes(32)
  const masterKeys = fixedMasterKeys(masterKey)
  const sealer = createSealer(masterKeys, random)
  const metrics = createMetrics()
  let origin = ''
  const damaged = createDamagedContents(catalog.scrub)
  const stores = { catalog, blobs, holds: createContentHolds(), damaged, sealer }
  const files = composeFiles(stores, {
    clock,
    random,
    blobsUrl: null,
    storeNetworks,
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
    filesDomain: options.virtualHostDomain ?? null,
    region: 'us-east-1',
    scanners: options.scanners ?? [],
    webhookNetworks: [],
    linksPerKey: options.linksPerKey ?? 100_000,
    userTokens: null,
    signIn: null,
  }
  await ensureKeys(core, { adminKey: ADMIN_KEY, accessKey: CREDENTIALS })
  const serving =
    NODES === 1
      ? await serveHere(core, metrics, options)
      : await (
          await import('./start-nodes.ts')
        ).startNodes({
          dataDir,
          catalog,
          places: { ...catalogEnv, ...blobsEnv },
          masterKey,
          adminKey: ADMIN_KEY,
          credentials: CREDENTIALS,
          options: { ...options, storeNetworks },
        })
  origin = serving.origin
  const { apiKeys } = (await core.keyRing.refresh()).snapshot
  const admin = makePrincipal({
    kind: 'api-key',
    id: apiKeys[0]?.id ?? '',
    scope: FULL_SCOPE,
    clientIp: '127.0.0.1',
  })
  return {
    origin,
    port: Number(new URL(origin).port),
    region: core.region,
    dataDir,
    adminKey: ADMIN_KEY,
    credentials: CREDENTIALS,
    core,
    admin,
    listBytes,
    logText: () => captured.join('') + serving.logText(),
    advanceClock: (ms) => {
      if (NODES > 1) throw new Error('Nobody moves the clock of other processes.')
      offsetMs += ms
    },
    createKey: async (keyOptions) => {
      const permit = await authorizeInstance(core, admin)
      const { record, secretAccessKey } = await createAccessKey(core, permit, keyOptions)
      await core.keyRing.refresh()
      return { accessKeyId: record.id, secretAccessKey }
    },
    stop: async () => {
      await serving.stop()
      await files.close()
      await catalog.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** What answers requests. */
export interface Serving {
  readonly origin: string
  /** What it wrote elsewhere than into the log of this process. */
  readonly logText: () => string
  stop(): Promise<void>
}

async function serveHere(
  core: CoreContext,
  metrics: Metrics,
  options: StartOptions,
): Promise<Serving> {
  const rest = await createRestApi({
    core,
    metrics,
    version: '0.0.0',
    storage: STORAGE,
    settings: {
      trustedProxies: null,
      takesEveryOrigin: false,
      signingKeyDays: 0,
      eventDays: 30,
      auditDays: 400,
      addressRequestsPerSecond: 0,
      keyRequestsPerSecond: 0,
    },
    findAsked,
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
  return {
    origin: `http://127.0.0.1:${port}`,
    logText: () => '',
    async stop() {
      app.server.closeAllConnections()
      await app.close()
      await rest.close()
      await cutting.stop()
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

/** Where bytes are to arrive as they are sent, and connections are what is looked at. */
export function withServerByConnection(
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  return withServer(use, { isSpreadByConnection: true })
}
