/** A whole core over SQLite in memory and a disk store in a folder of its own, with a clock the test moves and callers it invents. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { BlobStore } from '../../src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import type { Action, KeyScope, Visibility } from '../../src/catalog/records.ts'
import type { FolderPolicy } from '../../src/policy-lines/policy-lines.ts'
import { createSqliteCatalog } from '../../src/catalog/sqlite/sqlite-catalog.ts'
import { createBucketCache } from '../../src/core/buckets/bucket-cache.ts'
import type { CoreContext } from '../../src/core/context.ts'
import { writeFile } from '../../src/core/files/write-file.ts'
import type { WriteFileRequest, WrittenFile } from '../../src/core/files/write-file.ts'
import { createStoreDrivers } from '../../src/compose-store-drivers.ts'
import { createMountCache } from '../../src/core/mounts/mount-cache.ts'
import { createEventLog } from '../../src/core/events/event-log.ts'
import { createFolderCache } from '../../src/core/folders/folder-cache.ts'
import { createPace } from '../../src/core/policy/pace.ts'
import { createReservations } from '../../src/core/files/quota.ts'
import { beginDigestsHere } from '../../src/core/files/running-digests.ts'
import { putFolder } from '../../src/core/folders/folders.ts'
import { makePrincipal, makeVerifiedLink } from '../../src/core/identity.ts'
import type { Caller, Principal, VerifiedLink } from '../../src/core/identity.ts'
import { hashApiKey } from '../../src/core/keys/api-keys.ts'
import { ensureKeys } from '../../src/core/keys/first-start.ts'
import { createKeyUses } from '../../src/core/keys/key-uses.ts'
import { createKeyRing } from '../../src/core/keys/key-ring.ts'
import { FULL_SCOPE } from '../../src/core/keys/scopes.ts'
import { fixedMasterKeys } from '../../src/core/keys/master-keys.ts'
import type { MasterKeys } from '../../src/core/keys/master-keys.ts'
import { createSealer } from '../../src/core/keys/seal.ts'
import { issueLink } from '../../src/core/links/issue-link.ts'
import type { IssuedLink, LinkOptions } from '../../src/core/links/issue-link.ts'
import { creatorOfLink, fileIdOfLink, issuedAtOfLink } from '../../src/core/link-id.ts'
import { createLinkAnswers } from '../../src/core/links/link-answers.ts'
import { createLinkSigner } from '../../src/core/links/sign.ts'
import { createUseTally } from '../../src/core/links/use-tally.ts'
import { createPackRoom } from '../../src/core/shares/pack-room.ts'
import { parseFolderPath } from '../../src/core/paths.ts'
import { authorize } from '../../src/core/policy/authorize.ts'
import type { Permit } from '../../src/core/policy/permit.ts'
import { createLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { createContentCache } from '../../src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../src/trees/managed/managed-tree.ts'
import { TEST_BEGIN, keysInMemory } from './keys-in-memory.ts'
import { openMigrated } from './open-migrated.ts'

export interface TestCore extends CoreContext {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly clock: { now(): number; advance(ms: number): void }
  /** The signing key of the server, as `keyId` of its links. */
  readonly signingKeyId: string
}

const closing: (() => Promise<void>)[] = []
after(async () => {
  for (const close of closing) await close()
})

export interface TestCoreOptions {
  /** What waits moves the clock, unless the test does it. */
  readonly isClockMovedByTest?: boolean
  readonly masterKeys?: MasterKeys
}

export interface NodeParts {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly clock: TestCore['clock']
  readonly sleep: (ms: number) => Promise<void>
  readonly processId: string
  /** One fixed key unless given. */
  readonly masterKeys?: MasterKeys
}

/** One process over a catalog and blobs, which others may share. */
export function createNode({
  catalog,
  blobs,
  clock,
  sleep,
  processId,
  masterKeys = fixedMasterKeys(new Uint8Array(32).fill(9)),
}: NodeParts): Omit<TestCore, 'signingKeyId'> {
  const sealer = createSealer(masterKeys, systemRandom)
  const log = createLog('silent')
  return {
    catalog,
    blobs,
    files: createManagedTree({
      catalog,
      blobs,
      cache: createContentCache(),
      holds: createContentHolds(),
      damaged: createDamagedContents(catalog.scrub),
      clock,
      random: systemRandom,
    }),
    mounts: createMountCache(catalog.mounts),
    stores: createStoreDrivers({
      networks: [],
      onSample: () => undefined,
      clock,
      random: systemRandom,
    }),
    blobsPlace: null,
    lookAtBlobs: null,
    folders: createFolderCache(catalog.folders),
    buckets: createBucketCache(catalog.buckets),
    keyRing: createKeyRing({ catalog, sealer, clock }),
    reservations: createReservations(),
    beginDigests: beginDigestsHere,
    requirePace: createPace({ address: 0, key: 0 }, clock),
    packRoom: createPackRoom(),
    uses: createUseTally({ grants: catalog.grants, log }),
    keyUses: createKeyUses({ keys: catalog.keys, log }),
    answers: createLinkAnswers({
      clock,
      random: systemRandom,
      processId,
      sleep,
    }),
    events: createEventLog({ events: catalog.events, clock, log, onDropped: () => undefined }),
    userTokens: null,
    signIn: null,
    sealer,
    masterKeys,
    signLink: createLinkSigner('us-east-1'),
    clock,
    random: systemRandom,
    log,
    publicUrl: 'http://files.test:8787',
    filesUrl: 'http://files.test:8787',
    filesDomain: null,
    region: 'us-east-1',
    scanners: ['clamav', 'webhook'] as const,
    webhookNetworks: ['127.0.0.1/32'],
    linksPerKey: 100_000,
  }
}

export async function createTestCore({
  isClockMovedByTest = false,
  masterKeys = keysInMemory(),
}: TestCoreOptions = {}): Promise<TestCore> {
  let now = TEST_BEGIN
  const clock = {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
  }
  const sleep = (ms: number): Promise<void> => {
    if (!isClockMovedByTest) clock.advance(ms)
    return setImmediate()
  }
  const directory = mkdtempSync(join(tmpdir(), 'hallpass-core-'))
  const catalog = createSqliteCatalog({ path: ':memory:', clock, open: openMigrated })
  const blobs = createDiskBlobStore({ directory })
  closing.push(async () => {
    await blobs.close()
    await catalog.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const core = createNode({ catalog, blobs, clock, sleep, masterKeys, processId: 'test' })
  await seedCore(core)
  const { signingKey } = await core.keyRing.refresh()
  return { ...core, signingKeyId: signingKey?.accessKeyId ?? '' }
}

/** Makes the keys of a first start, the key behind every principal of a test, and the bucket. */
export async function seedCore(core: Omit<TestCore, 'signingKeyId'>): Promise<void> {
  const { catalog, clock } = core
  await ensureKeys(core, {})
  await catalog.keys.insertApiKey(
    {
      id: TEST_KEY,
      name: 'test',
      secretHash: hashApiKey('hp_test'),
      scope: FULL_SCOPE,
      createdAt: clock.now(),
      createdBy: 'test',
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    },
    null,
  )
  await catalog.buckets.create(
    { name: 'acme', createdAt: clock.now(), versioning: 'off', settings: {} },
    null,
  )
}

/** Of every principal that a test invents, whatever its scope. */
const TEST_KEY = 'key_test'

export const admin: Principal = principalWith(FULL_SCOPE)

export const anonymous: Principal = makePrincipal({
  kind: 'anonymous',
  id: 'anonymous',
  scope: { actions: [], pathPrefix: '', cidrs: [] },
  clientIp: '203.0.113.9',
})

export function principalWith(scope: Partial<KeyScope>, id: string = TEST_KEY): Principal {
  return makePrincipal({
    kind: 'api-key',
    id,
    scope: { actions: [], pathPrefix: '', cidrs: [], ...scope },
    clientIp: '203.0.113.9',
  })
}

export function reader(...actions: readonly Action[]): Principal {
  return principalWith({ actions })
}

/** A link of the server's own, as its URL would be verified. */
export function linkWith(core: TestCore, change: Partial<VerifiedLink> = {}): VerifiedLink {
  const linkId = change.linkId ?? null
  const signedAt = change.signedAt ?? core.clock.now()
  return makeVerifiedLink({
    method: 'GET',
    keyId: core.signingKeyId,
    isOwn: true,
    scope: { actions: ['read', 'write'], pathPrefix: '', cidrs: [] },
    signedAt,
    issuedAt: (linkId === null ? null : issuedAtOfLink(linkId)) ?? signedAt,
    expiresAt: signedAt + 300_000,
    linkId,
    fileId: linkId === null ? null : fileIdOfLink(linkId),
    versionId: null,
    createdBy: linkId === null ? null : creatorOfLink(linkId),
    ips: [],
    clientIp: '203.0.113.9',
    previewAgent: null,
    ...change,
  })
}

/** For a path in the bucket of every test. */
export function allow<Asked extends Action>(
  core: CoreContext,
  caller: Caller,
  action: Asked,
  key: string,
): Promise<Permit<Asked>> {
  return authorize(core, caller, action, { bucket: 'acme', key })
}

export async function issue(
  core: CoreContext,
  key: string,
  options: LinkOptions,
): Promise<IssuedLink> {
  return issueLink(core, await allow(core, admin, 'share', key), options)
}

export async function setFolder(
  core: CoreContext,
  path: string,
  change: { readonly visibility?: Visibility; readonly policy?: FolderPolicy },
): Promise<void> {
  const permit = await authorize(core, admin, 'admin', parseFolderPath(path))
  await putFolder(core, permit, {
    visibility: change.visibility ?? null,
    policy: change.policy ?? {},
    reason: null,
  })
}

export async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

export function writeRequest(change: Partial<WriteFileRequest> = {}): WriteFileRequest {
  return {
    contentType: 'text/plain',
    headers: {},
    metadata: {},
    contentLength: null,
    checksums: [],
    expected: () => [],
    ...change,
  }
}

/** Stores a small file as the administrator. */
export async function put(
  core: CoreContext,
  key: string,
  text: string,
  change: Partial<WriteFileRequest> = {},
): Promise<WrittenFile> {
  const permit = await allow(core, admin, 'write', key)
  return writeFile(core, permit, writeRequest(change), {
    body: streamOf(Buffer.from(text)),
    signal: new AbortController().signal,
  })
}
