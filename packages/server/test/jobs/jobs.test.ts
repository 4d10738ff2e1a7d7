import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMemoryBlobStore } from '../../src/blobs/memory/memory-blob-store.ts'
import type { BlobStore } from '../../src/blobs/blob-store.ts'
import { createMemoryCatalog } from '../../src/catalog/memory/memory-catalog.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { SWEEP_GRACE_MS } from '../../src/core/limits.ts'
import { collectOrphans } from '../../src/jobs/collect-orphans.ts'
import { createJobs } from '../../src/jobs/jobs.ts'
import { sweepBlobs } from '../../src/jobs/sweep-blobs.ts'
import { storeUnavailable } from '../../src/platform/store-errors.ts'
import { inChunks, listAll } from '../suites/blob-store-suite.ts'
import { createBuckets, fileOf } from '../suites/catalog-fixture.ts'

const NEVER: AbortSignal = new AbortController().signal

interface Scene {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly clock: { now(): number }
  pass(ms: number): void
  /** A file with its bytes in the blob store, or in the catalog itself. */
  store(key: string, isInline: boolean): Promise<string>
}

async function createScene(): Promise<Scene> {
  let now = 1_000_000
  const clock = { now: () => now }
  const catalog = createMemoryCatalog(clock)
  const blobs = createMemoryBlobStore(clock)
  await createBuckets(catalog, 'acme')
  return {
    catalog,
    blobs,
    clock,
    pass: (ms) => void (now += ms),
    async store(key, isInline) {
      const file = fileOf(key, { isInline, blobId: `blobblob${key}` })
      const bytes = Buffer.from(key)
      if (!isInline) await blobs.write(file.blobId, inChunks(bytes, 9), NEVER)
      await catalog.files.commit(file, isInline ? bytes : null, {})
      return file.blobId
    },
  }
}

async function idsOf(blobs: BlobStore): Promise<string[]> {
  return (await listAll(blobs)).map(({ blobId }) => blobId).toSorted()
}

describe('the sweep', () => {
  test('deletes a removed blob after the time of grace, not before', async () => {
    const scene = await createScene()
    const [gone, kept] = [await scene.store('gone', false), await scene.store('kept', false)]
    await scene.catalog.files.remove('acme', 'gone')
    scene.pass(SWEEP_GRACE_MS)
    assert.equal(await sweepBlobs(scene, NEVER), 0)
    assert.deepEqual(await idsOf(scene.blobs), [gone, kept])
    scene.pass(1)
    assert.equal(await sweepBlobs(scene, NEVER), 1)
    assert.deepEqual(await idsOf(scene.blobs), [kept])
    assert.equal(await scene.catalog.sweep.isKnown(gone), false)
  })

  test('gives inline bytes back after a minute', async () => {
    const scene = await createScene()
    const gone = await scene.store('gone', true)
    const kept = await scene.store('kept', true)
    await scene.catalog.files.remove('acme', 'gone')
    scene.pass(60_001)
    assert.equal(await sweepBlobs(scene, NEVER), 1)
    assert.equal(await scene.catalog.files.readInlineBlob(gone), null)
    assert.notEqual(await scene.catalog.files.readInlineBlob(kept), null)
  })

  test('goes through any number of blobs', async () => {
    const scene = await createScene()
    for (let at = 0; at < 450; at += 1) {
      await scene.store(`k${at}`, false)
      await scene.catalog.files.remove('acme', `k${at}`)
    }
    scene.pass(SWEEP_GRACE_MS + 1)
    assert.equal(await sweepBlobs(scene, NEVER), 450)
    assert.deepEqual(await idsOf(scene.blobs), [])
  })

  test('keeps a blob on the list until it is really gone', async () => {
    const scene = await createScene()
    const gone = await scene.store('gone', false)
    await scene.catalog.files.remove('acme', 'gone')
    scene.pass(SWEEP_GRACE_MS + 1)
    const broken: BlobStore = {
      ...scene.blobs,
      delete: () => Promise.reject(storeUnavailable('The disk is away.')),
    }
    await assert.rejects(sweepBlobs({ ...scene, blobs: broken }, NEVER), /The disk is away/)
    assert.equal(await scene.catalog.sweep.isKnown(gone), true)
    assert.equal(await sweepBlobs(scene, NEVER), 1)
  })
})

describe('the orphan collection', () => {
  test('deletes old blobs that nobody knows, and no others', async () => {
    const scene = await createScene()
    const stored = await scene.store('stored', false)
    const removed = await scene.store('removed', false)
    await scene.blobs.write('orphanorphan', inChunks(Buffer.from('x'), 1), NEVER)
    scene.pass(SWEEP_GRACE_MS + 1)
    await scene.catalog.files.remove('acme', 'removed')
    await scene.blobs.write('youngyoung', inChunks(Buffer.from('x'), 1), NEVER)
    assert.equal(await collectOrphans(scene, NEVER), 1)
    assert.deepEqual(await idsOf(scene.blobs), [removed, stored, 'youngyoung'].toSorted())
  })

  test('stops when it is told to', async () => {
    const scene = await createScene()
    await scene.blobs.write('orphanorphan', inChunks(Buffer.from('x'), 1), NEVER)
    scene.pass(SWEEP_GRACE_MS + 1)
    assert.equal(await collectOrphans(scene, AbortSignal.abort()), 0)
  })
})

describe('the schedule', () => {
  interface Waiting {
    readonly atMs: number
    readonly action: () => void
  }

  interface ScheduledScene extends Scene {
    readonly jobs: ReturnType<typeof createJobs>
    readonly logged: string[]
    readonly waiting: Set<Waiting>
    /** Runs every timer that is due within `ms`, in order. */
    run(ms: number): Promise<void>
  }

  async function createScheduledScene(blobs?: Partial<BlobStore>): Promise<ScheduledScene> {
    const scene = await createScene()
    const waiting = new Set<Waiting>()
    const logged: string[] = []
    const note = (fields: unknown): void => void logged.push((fields as { job: string }).job)
    const jobs = createJobs({
      ...scene,
      blobs: { ...scene.blobs, ...blobs },
      log: { info: note, warn: note },
      timers: {
        after(delayMs, action) {
          const entry = { atMs: scene.clock.now() + delayMs, action }
          waiting.add(entry)
          return () => void waiting.delete(entry)
        },
      },
    })
    async function run(ms: number): Promise<void> {
      const end = scene.clock.now() + ms
      for (;;) {
        const [next] = [...waiting].toSorted((a, b) => a.atMs - b.atMs)
        if (next === undefined || next.atMs > end) break
        waiting.delete(next)
        scene.pass(next.atMs - scene.clock.now())
        next.action()
        await new Promise((resolve) => {
          setImmediate(resolve)
        })
      }
      scene.pass(end - scene.clock.now())
    }
    return { ...scene, jobs, logged, waiting, run }
  }

  test('clears leftovers before anything else, whatever their age', async () => {
    const asked: number[] = []
    const { jobs } = await createScheduledScene({
      removeLeftovers: async (olderThanMs) => asked.push(olderThanMs),
    })
    await jobs.start()
    assert.deepEqual(asked, [Number.POSITIVE_INFINITY])
    await jobs.stop()
  })

  test('sweeps every minute and collects orphans after the first hour', async () => {
    const scene = await createScheduledScene()
    await scene.store('gone', true)
    await scene.catalog.files.remove('acme', 'gone')
    await scene.blobs.write('orphanorphan', inChunks(Buffer.from('x'), 1), NEVER)
    await scene.jobs.start()
    await scene.run(130_000)
    assert.deepEqual(scene.logged, ['sweep'])
    await scene.run(SWEEP_GRACE_MS)
    assert.deepEqual(await idsOf(scene.blobs), ['orphanorphan'])
    await scene.run(86_400_000)
    assert.deepEqual(await idsOf(scene.blobs), [])
    await scene.jobs.stop()
  })

  test('a job that fails is reported and tried again', async () => {
    let attempts = 0
    const scene = await createScheduledScene({
      removeLeftovers: () => {
        attempts += 1
        return Promise.reject(storeUnavailable('The disk is away.'))
      },
    })
    await scene.jobs.start()
    await scene.run(2 * 3_600_000)
    assert.equal(attempts, 3)
    assert.deepEqual(scene.logged, ['leftovers', 'leftovers', 'leftovers'])
    await scene.jobs.stop()
  })

  test('nothing waits any more after a stop', async () => {
    const scene = await createScheduledScene()
    await scene.jobs.start()
    assert.equal(scene.waiting.size, 3)
    await scene.jobs.stop()
    assert.equal(scene.waiting.size, 0)
  })
})
