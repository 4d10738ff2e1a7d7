import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BlobStore } from '../../src/blobs/blob-store.ts'
import { SWEEP_GRACE_MS } from '../../src/core/limits.ts'
import { collectOrphans } from '../../src/jobs/collect-orphans.ts'
import { expireGrants } from '../../src/jobs/expire-grants.ts'
import { createJobs } from '../../src/jobs/jobs.ts'
import { reapUploads } from '../../src/jobs/reap-uploads.ts'
import { sweepContents } from '../../src/jobs/sweep-contents.ts'
import { createMetrics } from '../../src/platform/metrics.ts'
import { storeConflict, storeUnavailable } from '../../src/platform/store-errors.ts'
import { listAll } from '../suites/blob-store-suite.ts'
import { bucketOf, grantOf, insertGrants } from '../suites/catalog-fixture.ts'
import { createScene } from './jobs-fixture.ts'
import type { Scene } from './jobs-fixture.ts'

const NEVER: AbortSignal = new AbortController().signal

function withScene(body: (scene: Scene) => Promise<void>): () => Promise<void> {
  return async () => {
    const scene = await createScene()
    try {
      await body(scene)
    } finally {
      await scene.dispose()
    }
  }
}

async function idsOf(blobs: BlobStore): Promise<string[]> {
  return (await listAll(blobs)).map(({ blobId }) => blobId).toSorted()
}

/** As if the disk had this much room. */
function withRoom(scene: Scene, bytes: number): Scene {
  return { ...scene, blobs: { ...scene.blobs, freeBytes: async () => bytes } }
}

const PLENTY = 1e12

describe('the sweep', () => {
  test(
    'deletes a removed blob after the time of grace, not before',
    withScene(async (scene) => {
      const roomy = withRoom(scene, PLENTY)
      const [gone, kept] = [await scene.store('gone', 'blob'), await scene.store('kept', 'blob')]
      await scene.remove('gone')
      scene.pass(SWEEP_GRACE_MS)
      assert.equal(await sweepContents(roomy, NEVER), 0)
      assert.deepEqual(await idsOf(scene.blobs), [gone, kept])
      scene.pass(1)
      assert.equal(await sweepContents(roomy, NEVER), 1)
      assert.deepEqual(await idsOf(scene.blobs), [kept])
      assert.equal(await scene.catalog.sweep.isKnown(gone), false)
    }),
  )

  test(
    'gives room back after a minute when there is little',
    withScene(async (scene) => {
      const [gone, kept] = [await scene.store('gone', 'blob'), await scene.store('kept', 'blob')]
      await scene.remove('gone')
      scene.pass(60_001)
      assert.equal(await sweepContents(withRoom(scene, PLENTY), NEVER), 0)
      assert.deepEqual(await idsOf(scene.blobs), [gone, kept])
      assert.equal(await sweepContents(withRoom(scene, 100 * 1024 ** 2), NEVER), 1)
      assert.deepEqual(await idsOf(scene.blobs), [kept])
    }),
  )

  for (const kind of ['inline', 'blob'] as const) {
    test(
      `keeps what somebody reads until nobody does, and lets others go: ${kind}, with little room`,
      withScene(async (scene) => {
        const cramped = withRoom(scene, 1000)
        const read = Array.from({ length: 201 }, (_, at) => `read${at}`)
        for (const key of [...read, 'gone']) {
          const contentId = await scene.store(key, kind)
          if (key !== 'gone') scene.reading.add(contentId)
          await scene.remove(key)
        }
        scene.pass(60_001)
        assert.equal(await sweepContents(cramped, NEVER), 1)
        scene.pass(60_001)
        assert.equal(await sweepContents(cramped, NEVER), 0)
        scene.reading.clear()
        scene.pass(60_001)
        assert.equal(await sweepContents(cramped, NEVER), 201)
      }),
    )
  }

  test(
    'lets nothing go while a process does not say what it reads',
    withScene(async (scene) => {
      for (const kind of ['inline', 'blob'] as const) await scene.store(kind, kind)
      await scene.remove('inline')
      await scene.remove('blob')
      scene.pass(SWEEP_GRACE_MS + 1)
      assert.equal(await sweepContents({ ...scene, heldAmong: async () => null }, NEVER), 0)
      assert.equal(await sweepContents(scene, NEVER), 2)
    }),
  )

  test(
    'waits its time where a store cannot say how much room there is',
    withScene(async (scene) => {
      await scene.store('gone', 'blob')
      await scene.remove('gone')
      scene.pass(60_001)
      const silent = { ...scene, blobs: { ...scene.blobs, freeBytes: null } }
      assert.equal(await sweepContents(silent, NEVER), 0)
    }),
  )

  test(
    'gives inline bytes back after a minute',
    withScene(async (scene) => {
      const gone = await scene.store('gone', 'inline')
      const kept = await scene.store('kept', 'inline')
      await scene.remove('gone')
      scene.pass(60_001)
      assert.equal(await sweepContents(scene, NEVER), 1)
      assert.equal(await scene.catalog.contents.readInline(gone), null)
      assert.notEqual(await scene.catalog.contents.readInline(kept), null)
    }),
  )

  test(
    'goes through any number of blobs',
    withScene(async (scene) => {
      for (let at = 0; at < 450; at += 1) {
        await scene.store(`k${at}`, 'blob')
        await scene.remove(`k${at}`)
      }
      scene.pass(SWEEP_GRACE_MS + 1)
      assert.equal(await sweepContents(scene, NEVER), 450)
      assert.deepEqual(await idsOf(scene.blobs), [])
    }),
  )

  test(
    'keeps a blob on the list until it is really gone',
    withScene(async (scene) => {
      const gone = await scene.store('gone', 'blob')
      await scene.remove('gone')
      scene.pass(SWEEP_GRACE_MS + 1)
      const broken: BlobStore = {
        ...scene.blobs,
        delete: () => Promise.reject(storeUnavailable('The disk is away.')),
      }
      await assert.rejects(sweepContents({ ...scene, blobs: broken }, NEVER), /The disk is away/)
      assert.equal(await scene.catalog.sweep.isKnown(gone), true)
      assert.equal(await sweepContents(scene, NEVER), 1)
    }),
  )
})

describe('the orphan collection', () => {
  test(
    'deletes old blobs that nobody knows, and no others',
    withScene(async (scene) => {
      const stored = await scene.store('stored', 'blob')
      const removed = await scene.store('removed', 'blob')
      await scene.write('orphanorphan')
      scene.pass(SWEEP_GRACE_MS + 1)
      await scene.remove('removed')
      await scene.write('youngyoung')
      assert.equal(await collectOrphans(scene, NEVER), 1)
      assert.deepEqual(await idsOf(scene.blobs), [removed, stored, 'youngyoung'].toSorted())
    }),
  )

  test(
    'stops when it is told to',
    withScene(async (scene) => {
      await scene.write('orphanorphan')
      scene.pass(SWEEP_GRACE_MS + 1)
      assert.equal(await collectOrphans(scene, AbortSignal.abort()), 0)
    }),
  )
})

describe('what runs out', () => {
  test(
    'uploads that nobody goes on with are aborted, and their parts swept',
    withScene(async (scene) => {
      const { catalog, clock } = scene
      const upload = {
        bucket: 'acme',
        key: 'big',
        contentType: '',
        headers: {},
        metadata: {},
        tags: {},
        checksumAlgorithm: null,
        checksumType: null,
        createdBy: 'key1',
        quotaKey: '',
        createdAt: clock.now(),
        expiresAt: clock.now() + 1000,
        resumable: null,
      }
      for (let at = 0; at < 45; at += 1) {
        const conditions = { epoch: null, maxOpen: 45 }
        await catalog.uploads.create({ ...upload, id: `u${at}` }, conditions)
      }
      const part = { uploadId: 'u0', number: 1, size: 3, etag: 'x', checksums: [] }
      const content = { kind: 'inline', contentId: 'part', bytes: Buffer.from('abc') } as const
      const stored = { ...part, modifiedAt: clock.now() }
      await catalog.uploads.putPart(stored, content, { epoch: null, maxOpenBytes: 1e15 })
      scene.pass(999)
      assert.equal(await reapUploads(scene, NEVER), 0)
      scene.pass(1)
      assert.equal(await reapUploads(scene, NEVER), 45)
      assert.equal(await catalog.uploads.find('u0'), null)
      assert.deepEqual(await catalog.sweep.due(clock.now() + 1, 'inline', 10), ['part'])
    }),
  )

  test(
    'uploads into a bucket whose store fails hold up no others, and it is asked once',
    withScene(async (scene) => {
      const { catalog, clock, files } = scene
      const upload = {
        key: 'big',
        contentType: '',
        headers: {},
        metadata: {},
        tags: {},
        checksumAlgorithm: null,
        checksumType: null,
        createdBy: 'key1',
        quotaKey: '',
        createdAt: clock.now(),
        expiresAt: clock.now() + 1000,
        resumable: null,
      }
      await catalog.buckets.create(bucketOf('away'), null)
      for (let at = 0; at < 25; at += 1) {
        for (const bucket of ['away', 'acme']) {
          const conditions = { epoch: null, maxOpen: 50 }
          await catalog.uploads.create({ ...upload, bucket, id: `${bucket}${at}` }, conditions)
        }
      }
      let asked = 0
      const uploads: typeof files.uploads = {
        ...files.uploads,
        abort: async (request) => {
          if (!request.uploadId.startsWith('away')) return files.uploads.abort(request)
          asked += 1
          throw storeConflict('The store says something else.')
        },
      }
      scene.pass(1000)
      const reaping = { ...scene, files: { ...files, uploads } }
      await assert.rejects(reapUploads(reaping, NEVER), /something else/)
      assert.equal(asked, 1)
      const left = await catalog.uploads.due(clock.now(), 100)
      assert.deepEqual([...new Set(left.map(({ bucket }) => bucket))], ['away'])
      assert.equal(left.length, 25)
      assert.equal(await reapUploads(scene, NEVER), 25)
    }),
  )

  test(
    'links are filed as expired, however many there are',
    withScene(async (scene) => {
      const { catalog, clock } = scene
      const grants = Array.from({ length: 1200 }, (_, at) =>
        grantOf(`g${at}`, { expiresAt: clock.now() }),
      )
      await insertGrants(catalog, ...grants, grantOf('alive', { expiresAt: clock.now() + 1 }))
      assert.equal(await expireGrants(scene, NEVER), 1200)
      assert.equal(await expireGrants(scene, NEVER), 0)
    }),
  )
})

describe('the schedule', () => {
  interface Waiting {
    readonly atMs: number
    readonly action: () => void
  }

  interface ScheduledScene extends Scene {
    readonly retired: () => number
    readonly jobs: ReturnType<typeof createJobs>
    readonly logged: string[]
    readonly waiting: Set<Waiting>
    /** Runs every timer that is due within `ms`, in order. */
    run(ms: number): Promise<void>
  }

  function createScheduledScene(scene: Scene, blobs?: Partial<BlobStore>): ScheduledScene {
    let retired = 0
    const waiting = new Set<Waiting>()
    const logged: string[] = []
    const note = (fields: unknown): void => void logged.push((fields as { job: string }).job)
    const jobs = createJobs({
      ...scene,
      blobs: { ...scene.blobs, ...blobs },
      log: { info: note, warn: note },
      tendMaster: () => Promise.resolve(0),
      retention: { eventDays: 30, auditDays: 400, maxEvents: 1000, linkDays: 90, maxLinks: 1000 },
      scrubDays: 0,
      metrics: createMetrics(),
      tendKeys: async () => {
        retired += 1
        return 0
      },
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
        const scheduled = waiting.size
        waiting.delete(next)
        scene.pass(next.atMs - scene.clock.now())
        next.action()
        // A job whose run has ended waits for its next one.
        while (waiting.size < scheduled) {
          await new Promise((resolve) => {
            setImmediate(resolve)
          })
        }
      }
      scene.pass(end - scene.clock.now())
    }
    return { ...scene, jobs, logged, waiting, run, retired: () => retired }
  }

  test(
    'clears leftovers before anything else, whatever their age',
    withScene(async (scene) => {
      const asked: number[] = []
      const { jobs } = createScheduledScene(scene, {
        removeLeftovers: async (olderThanMs) => asked.push(olderThanMs),
      })
      await jobs.start()
      assert.deepEqual(asked, [Number.POSITIVE_INFINITY])
      await jobs.stop()
    }),
  )

  test(
    'sweeps every minute and collects orphans after the first hour',
    withScene(async (plain) => {
      const scene = createScheduledScene(plain)
      await scene.store('gone', 'inline')
      await scene.remove('gone')
      await scene.write('orphanorphan')
      await scene.jobs.start()
      await scene.run(130_000)
      assert.deepEqual(scene.logged, ['sweep'])
      await scene.run(SWEEP_GRACE_MS)
      assert.deepEqual(await idsOf(scene.blobs), ['orphanorphan'])
      await scene.run(86_400_000)
      assert.deepEqual(await idsOf(scene.blobs), [])
      await scene.jobs.stop()
    }),
  )

  test(
    'forgets rules, reaps uploads, files links and retires keys when their time has come',
    withScene(async (plain) => {
      const scene = createScheduledScene(plain)
      const now = scene.clock.now()
      await scene.catalog.keys.revokeBefore({ scope: '', notBefore: 1, forgetAt: now + 1000 }, null)
      await insertGrants(scene.catalog, grantOf('g', { expiresAt: now + 1000 }))
      await scene.jobs.start()
      await scene.run(59_000)
      assert.equal((await scene.catalog.keys.snapshot()).revocations.length, 1)
      await scene.run(2000)
      assert.deepEqual((await scene.catalog.keys.snapshot()).revocations, [])
      assert.deepEqual(scene.logged.toSorted(), ['grants', 'revocations'])
      assert.equal(scene.retired(), 1)
      await scene.run(3_600_000)
      assert.equal(scene.retired(), 2)
      await scene.jobs.stop()
    }),
  )

  test(
    'a job that fails is reported and tried again',
    withScene(async (plain) => {
      let attempts = 0
      const scene = createScheduledScene(plain, {
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
    }),
  )

  test(
    'nothing waits any more after a stop',
    withScene(async (plain) => {
      const scene = createScheduledScene(plain)
      await scene.jobs.start()
      assert.notEqual(scene.waiting.size, 0)
      await scene.jobs.stop()
      assert.equal(scene.waiting.size, 0)
    }),
  )
})
