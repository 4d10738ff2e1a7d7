/** One place reached through a proxy that misbehaves and past it: what the tests of every driver's faults share. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import type { BlobStore } from '../../packages/server/src/blobs/blob-store.ts'
import { createStoredBlobStore } from '../../packages/server/src/blobs/stored/stored-blob-store.ts'
import { systemRandom } from '../../packages/server/src/platform/random.ts'
import { StoreError } from '../../packages/server/src/platform/store-errors.ts'
import type { StoreFault } from '../../packages/server/src/platform/store-errors.ts'
import type { ObjectStore } from '../../packages/server/src/stores/object-store.ts'
import {
  inChunks,
  readAll,
  sampleBytes,
} from '../../packages/server/test/suites/blob-store-suite.ts'
import type { FaultyStore } from '../lib/faulty-store.ts'

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
