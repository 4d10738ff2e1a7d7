import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Catalog, KeySnapshot } from '../../../src/catalog/catalog.ts'
import type { AccessKeyRecord } from '../../../src/catalog/records.ts'
import { KEY_REFRESH_MS } from '../../../src/core/limits.ts'
import { createKeyRing } from '../../../src/core/keys/key-ring.ts'
import type { KeyRing } from '../../../src/core/keys/key-ring.ts'
import { fixedMasterKeys } from '../../../src/core/keys/master-keys.ts'
import { createSealer } from '../../../src/core/keys/seal.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const sealer = createSealer(fixedMasterKeys(new Uint8Array(32).fill(1)), systemRandom)

function accessKey(id: string, change: Partial<AccessKeyRecord> = {}): AccessKeyRecord {
  return {
    id,
    kind: 'access',
    name: id,
    sealedSecret: sealer.seal(id, `secret of ${id}`),
    scope: { actions: ['read'], pathPrefix: '', cidrs: [] },
    maxExpiresInSeconds: 3600,
    mayPresignDelete: false,
    state: 'active',
    rotatedAt: null,
    lastUsedAt: null,
    disabledAt: null,
    createdAt: 0,
    createdBy: 'test',
    expiresAt: null,
    revokedAt: null,
    ...change,
  }
}

interface Bench {
  readonly ring: KeyRing
  now: number
  reads: number
  snapshot: KeySnapshot
}

function createBench(snapshot: Partial<KeySnapshot>): Bench {
  const bench: { -readonly [Key in keyof Bench]: Bench[Key] } = {
    now: 1_000_000,
    reads: 0,
    snapshot: { epoch: 1, accessKeys: [], apiKeys: [], revocations: [], ...snapshot },
    ring: undefined as unknown as KeyRing,
  }
  const keys = {
    epoch: () => Promise.resolve(bench.snapshot.epoch),
    snapshot: () => {
      bench.reads += 1
      return Promise.resolve(bench.snapshot)
    },
  }
  const catalog = { keys } as unknown as Pick<Catalog, 'keys'>
  bench.ring = createKeyRing({ catalog, sealer, clock: { now: () => bench.now } })
  return bench
}

test('keys are answered without waiting while they are fresh, and reread only when they changed', async () => {
  const bench = createBench({ accessKeys: [accessKey('HPA')] })
  const first = await bench.ring.current()
  assert.equal(first.findAccessKey('HPA', bench.now)?.secretAccessKey, 'secret of HPA')
  assert.equal(bench.ring.current(), first)
  bench.now += KEY_REFRESH_MS
  assert.equal(await bench.ring.current(), first)
  assert.equal(bench.reads, 1)
})

test('a key that another process revoked is refused after the refresh time', async () => {
  const bench = createBench({ accessKeys: [accessKey('HPA')] })
  await bench.ring.current()
  bench.snapshot = {
    ...bench.snapshot,
    epoch: 2,
    accessKeys: [accessKey('HPA', { revokedAt: bench.now })],
  }
  bench.now += KEY_REFRESH_MS
  const keys = await bench.ring.current()
  assert.equal(keys.findAccessKey('HPA', bench.now), null)
})

test('a key that another process has just made is found by asking again, without waiting for the refresh time', async () => {
  const bench = createBench({})
  const known = await bench.ring.current()
  assert.equal(await bench.ring.recheck(), known)
  assert.equal(bench.reads, 1)
  bench.snapshot = { ...bench.snapshot, epoch: 2, accessKeys: [accessKey('HPA')] }
  assert.equal(bench.ring.current(), known)
  const keys = await bench.ring.recheck()
  assert.notEqual(keys.findAccessKey('HPA', bench.now), null)
})

test('a clock set back does not keep old keys alive', async () => {
  const bench = createBench({ accessKeys: [accessKey('HPA')] })
  await bench.ring.current()
  bench.snapshot = { ...bench.snapshot, epoch: 2, accessKeys: [] }
  bench.now -= 86_400_000
  const keys = await bench.ring.current()
  assert.equal(keys.findAccessKey('HPA', bench.now), null)
})

test('run-out and retired keys are not found, retiring ones still verify', async () => {
  const bench = createBench({
    accessKeys: [
      accessKey('HPOUT', { expiresAt: 1_000_000 }),
      accessKey('HPOLD', { kind: 'signing', state: 'retired' }),
      accessKey('HPVER', { kind: 'signing', state: 'retiring', createdAt: 1 }),
      accessKey('HPNEW', { kind: 'signing', state: 'active', createdAt: 2 }),
    ],
  })
  const keys = await bench.ring.current()
  assert.equal(keys.findAccessKey('HPOUT', bench.now), null)
  assert.equal(keys.findAccessKey('HPOLD', bench.now), null)
  assert.notEqual(keys.findAccessKey('HPVER', bench.now), null)
  assert.equal(keys.signingKey?.accessKeyId, 'HPNEW')
})

test('a snapshot that was read before the one that is known does not replace it', async () => {
  const bench = createBench({ epoch: 5, accessKeys: [] })
  await bench.ring.refresh()
  bench.snapshot = { ...bench.snapshot, epoch: 4, accessKeys: [accessKey('HPA')] }
  const keys = await bench.ring.refresh()
  assert.equal(keys.snapshot.epoch, 5)
  assert.equal(keys.findAccessKey('HPA', bench.now), null)
})

test('a rule covers the links of one file, of a folder, of a key that signed or issued them, of the instance', async () => {
  const link = { keyIds: ['HPA', 'key_a'], bucket: 'acme', key: 'a/b/c.txt' }
  const find = async (scope: string): Promise<string | null> => {
    const revocations = [{ scope, notBefore: 999_500, forgetAt: 2_000_000 }]
    const keys = await createBench({ revocations }).ring.current()
    return keys.findRevocation(link)?.scope ?? null
  }
  for (const scope of [
    '',
    'key:HPA',
    'key:key_a',
    'file:acme/a/b/c.txt',
    'folder:acme/',
    'folder:acme/a/',
    'folder:acme/a/b/',
  ]) {
    assert.equal(await find(scope), scope)
  }
  for (const scope of ['key:HPB', 'file:acme/a/b/c', 'folder:acme/a/bb/', 'folder:other/']) {
    assert.equal(await find(scope), null)
  }
})

test('of several rules the one that reaches furthest counts', async () => {
  const rule = (scope: string, notBefore: number) => ({ scope, notBefore, forgetAt: 2_000_000 })
  const revocations = [rule('', 3), rule('folder:acme/', 7), rule('key:HPA', 5)]
  const keys = await createBench({ revocations }).ring.current()
  const found = keys.findRevocation({ keyIds: ['HPA'], bucket: 'acme', key: 'x' })
  assert.equal(found?.scope, 'folder:acme/')
})
