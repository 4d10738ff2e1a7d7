/** A whole core over memory drivers, with a clock the test moves and callers the test invents. */
import { createMemoryBlobStore } from '../../src/blobs/memory/memory-blob-store.ts'
import { createMemoryCatalog } from '../../src/catalog/memory/memory-catalog.ts'
import type { Action, KeyScope } from '../../src/catalog/records.ts'
import type { CoreContext } from '../../src/core/context.ts'
import { createBlobCache } from '../../src/core/files/blob-cache.ts'
import { writeFile } from '../../src/core/files/write-file.ts'
import type { WriteFileRequest, WrittenFile } from '../../src/core/files/write-file.ts'
import { makePrincipal, makeVerifiedLink } from '../../src/core/identity.ts'
import type { Principal, VerifiedLink } from '../../src/core/identity.ts'
import { ensureKeys } from '../../src/core/keys/first-start.ts'
import { createKeyRing } from '../../src/core/keys/key-ring.ts'
import { FULL_SCOPE } from '../../src/core/keys/scopes.ts'
import { createSealer } from '../../src/core/keys/seal.ts'
import { createLog } from '../../src/platform/log.ts'
import { systemRandom } from '../../src/platform/random.ts'

export interface TestCore extends CoreContext {
  readonly clock: { now(): number; advance(ms: number): void }
}

export async function createTestCore(): Promise<TestCore> {
  let now = Date.UTC(2026, 2, 14, 9, 26, 53)
  const clock = {
    now: () => now,
    advance(ms: number) {
      now += ms
    },
  }
  const catalog = createMemoryCatalog(clock)
  const sealer = createSealer(new Uint8Array(32).fill(9), systemRandom)
  const core: TestCore = {
    catalog,
    blobs: createMemoryBlobStore(clock),
    blobCache: createBlobCache(),
    keyRing: createKeyRing({ catalog, sealer, clock }),
    sealer,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    publicUrl: 'http://files.test:8787',
    filesUrl: 'http://files.test:8787',
    region: 'us-east-1',
  }
  await ensureKeys(core, {})
  await catalog.buckets.create({ name: 'acme', createdAt: now })
  return core
}

export const admin: Principal = principalWith(FULL_SCOPE)

export const anonymous: Principal = makePrincipal({
  kind: 'anonymous',
  id: 'anonymous',
  scope: { actions: [], pathPrefix: '', cidrs: [] },
  clientIp: '203.0.113.9',
})

export function principalWith(scope: Partial<KeyScope>): Principal {
  return makePrincipal({
    kind: 'api-key',
    id: 'key_test',
    scope: { actions: [], pathPrefix: '', cidrs: [], ...scope },
    clientIp: '203.0.113.9',
  })
}

export function reader(...actions: readonly Action[]): Principal {
  return principalWith({ actions })
}

export function linkWith(core: CoreContext, change: Partial<VerifiedLink>): VerifiedLink {
  return makeVerifiedLink({
    method: 'GET',
    keyId: 'HPSIGNER',
    isOwn: true,
    scope: { actions: ['read', 'write'], pathPrefix: '', cidrs: [] },
    signedAt: core.clock.now(),
    expiresAt: core.clock.now() + 300_000,
    grantId: null,
    ips: [],
    clientIp: '203.0.113.9',
    ...change,
  })
}

export async function* streamOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk)
}

export function writeRequest(
  key: string,
  change: Partial<WriteFileRequest> = {},
): WriteFileRequest {
  return {
    bucket: 'acme',
    key,
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
export function put(core: CoreContext, key: string, text: string): Promise<WrittenFile> {
  return writeFile(core, admin, writeRequest(key), {
    body: streamOf(Buffer.from(text)),
    signal: new AbortController().signal,
  })
}
