/** One place reached through a proxy that misbehaves and past it: what the tests of every driver's faults share. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { StoreError } from '../../packages/server/src/platform/store-errors.ts'
import type { StoreFault } from '../../packages/server/src/platform/store-errors.ts'
import type {
  ObjectStore,
  StoredObject,
  WriteCondition,
} from '../../packages/server/src/stores/object-store.ts'
import { NO_HEADERS } from '../../packages/server/test/suites/object-store-suite.ts'
import {
  inChunks,
  readAll,
  rejectsWith,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import type { Fault, FaultyStore, SeenRequest } from '../lib/faulty-store.ts'

export const ID = 'AAAAAAAAAAAAAAAAAAAAAA'
export const { signal } = new AbortController()
export const FREELY = { size: null, signal }
/** More than fits into one request of any driver. */
export const LARGE_BYTES = 9_000_000

export interface Opened {
  readonly store: ObjectStore
  /** In that store. */
  readonly blobs: BlobStore
  /** The same place past the proxy. */
  readonly direct: BlobStore
}

export interface Place {
  readonly proxy: FaultyStore
  readonly store: ObjectStore
  readonly direct: ObjectStore
}

export type Check = (title: string, body: (opened: Opened) => Promise<void>) => void

/** A test of what becomes of faults, each in a place of its own; afterwards everything works again by itself. */
export function createCheck(open: () => Place): Check {
  return (title, body) => {
    test(title, async () => {
      const { proxy, store, direct } = open()
      const blobs = createStoredBlobStore(store, systemRandom)
      proxy.choose(() => null)
      try {
        await body({ store, blobs, direct: createStoredBlobStore(direct, systemRandom) })
        proxy.choose(() => null)
        await worksAgain(blobs)
      } finally {
        await store.close()
        await direct.close()
      }
    })
  }
}

async function worksAgain(blobs: BlobStore): Promise<void> {
  const id = 'ZZZZZZZZZZZZZZZZ'
  await blobs.write(id, inChunks(Buffer.from('again'), 2), FREELY)
  assert.equal(String(await readAll(await blobs.open(id, null, signal))), 'again')
}

export interface NeverTold {
  readonly secrets: readonly string[]
  /** What only stands beside a secret. */
  readonly shape: RegExp
}

/** Resolves to the error, in which nothing is told. */
export async function failsWith(
  fault: StoreFault,
  promise: Promise<unknown>,
  { secrets, shape }: NeverTold,
): Promise<StoreError> {
  const error = await promise.then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof StoreError, inspect(error))
  assert.equal(error.fault, fault, error.message)
  const shown = `${inspect(error, { depth: 10, showHidden: true })} ${error.stack}`
  for (const secret of secrets) assert.ok(!shown.includes(secret), shown)
  assert.doesNotMatch(shown, shape)
  return error
}

export function write(blobs: BlobStore, bytes: Buffer = sampleBytes(50_000)): Promise<number> {
  return blobs.write(ID, inChunks(bytes, 60_000), FREELY)
}

/** Whoever asks on a condition and gets no answer asks again, and meets what he made himself: that is his, and what another made is not. */
export async function holdsOwnForOwn(
  { proxy, store, isWrite }: Doubt,
  bytes: Buffer,
): Promise<void> {
  const put = (condition: WriteCondition, body: Buffer): Promise<StoredObject> => {
    const options = { size: body.length, headers: NO_HEADERS, condition, signal }
    return store.write('doubt', inChunks(body, 60_000), options)
  }
  const made = await losingOne(proxy, isWrite, () => put({ kind: 'absent' }, bytes))
  assert.equal(made.etag, (await store.stat('doubt'))?.etag)
  const other = Buffer.from(bytes.toReversed())
  await rejectsWith(
    'conflict',
    losingOne(proxy, isWrite, () => put({ kind: 'absent' }, other)),
  )
  const onIt = { kind: 'etag', etag: made.etag } as const
  const replaced = await losingOne(proxy, isWrite, () => put(onIt, other))
  assert.equal(replaced.etag, (await store.stat('doubt'))?.etag)
  assert.notEqual(replaced.etag, made.etag)
  await rejectsWith(
    'conflict',
    losingOne(proxy, isWrite, () => put(onIt, bytes)),
  )
}

export interface Doubt extends Pick<Place, 'proxy' | 'store'> {
  /** The request by which the object is there. */
  readonly isWrite: (request: SeenRequest) => boolean
}

/** The store does what is asked first, and its answer is lost. */
export async function losingOne<T>(
  proxy: FaultyStore,
  isWrite: (request: SeenRequest) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  let writes = 0
  proxy.choose((request): Fault | null => {
    if (!isWrite(request)) return null
    writes += 1
    return writes === 1 ? { kind: 'lose-answer' } : null
  })
  const result = await work()
  assert.equal(writes, 2)
  return result
}
