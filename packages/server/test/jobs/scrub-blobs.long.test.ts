/** Bits that rotted are found within the time that was set, whatever stops the server in between; what was put right heals. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { test } from 'node:test'
import type { TestContext } from 'node:test'
import { createBlobPlaces } from '../../src/blobs/disk/blob-places.ts'
import { createDiskBlobStore } from '../../src/blobs/disk/disk-blob-store.ts'
import { systemFileCalls } from '../../src/blobs/disk/file-calls.ts'
import type { FileCalls } from '../../src/blobs/disk/file-calls.ts'
import { createSqliteCatalog } from '../../src/catalog/sqlite/sqlite-catalog.ts'
import { recheckDamaged, scrubBlobs } from '../../src/jobs/scrub-blobs.ts'
import type { ScrubOptions } from '../../src/jobs/scrub-blobs.ts'
import { sweepContents } from '../../src/jobs/sweep-contents.ts'
import { DAY_MS } from '../../src/platform/durations.ts'
import { createDamagedContents } from '../../src/trees/managed/damaged-contents.ts'
import { bucketOf, draftOf, remove, store } from '../suites/catalog-fixture.ts'

/** By hand 500. */
const FLIPS = Number(process.env['HALLPASS_SCRUB_FLIPS'] ?? 20)
const DAYS = 30
const NEVER = new AbortController().signal

interface Scene extends ScrubOptions {
  readonly catalog: ReturnType<typeof createSqliteCatalog>
  readonly read: { bytes: number }
  /** The disk answers every read of it with EIO. */
  spoil(contentId: string): void
  pathOf(contentId: string): string
  add(contentId: string, size: number, knows?: boolean): Promise<void>
  pass(ms: number): void
}

async function createScene(t: TestContext): Promise<Scene> {
  const directory = mkdtempSync(join(tmpdir(), 'hallpass-scrub-'))
  let now = 1_700_000_000_000
  const clock = { now: () => now }
  const catalog = createSqliteCatalog({ path: ':memory:', clock })
  t.after(async () => {
    await catalog.close()
    rmSync(directory, { recursive: true, force: true })
  })
  await catalog.buckets.create(bucketOf('acme'), null)
  const spoilt = new Set<string>()
  const blobs = createDiskBlobStore({ directory, calls: withSpoilt(spoilt) })
  const places = createBlobPlaces(directory)
  const read = { bytes: 0 }
  return {
    catalog,
    blobs,
    clock,
    read,
    log: { warn: () => undefined },
    metrics: { countScrubbed: (bytes) => void (read.bytes += bytes) },
    scrubDays: DAYS,
    bytesPerSecond: 1e9,
    pathOf: (contentId) => places.of(contentId).path,
    spoil: (contentId) => void spoilt.add(places.of(contentId).path),
    pass: (ms) => void (now += ms),
    async add(contentId, size, knows = true) {
      const bytes = randomBytes(size)
      async function* body(): AsyncGenerator<Uint8Array> {
        yield Uint8Array.from(bytes)
      }
      await blobs.write(contentId, body(), { size, signal: NEVER })
      const sha256 = createHash('sha256').update(bytes).digest('base64')
      const content = { kind: 'blob', contentId, size, ...(knows && { sha256 }) } as const
      await store(catalog, draftOf(contentId, {}, content))
    },
  }
}

function withSpoilt(paths: ReadonlySet<string>): FileCalls {
  const opened = new Set<number>()
  return {
    ...systemFileCalls,
    async open(path, flags, mode) {
      const fd = await systemFileCalls.open(path, flags, mode)
      if (paths.has(path)) opened.add(fd)
      else opened.delete(fd)
      return fd
    },
    async read(fd, ...asked) {
      if (opened.has(fd)) throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
      return systemFileCalls.read(fd, ...asked)
    },
  }
}

const idOf = (at: number): string => `blob${String(at).padStart(8, '0')}`

function flip(path: string, bit: number): void {
  const bytes = readFileSync(path)
  const at = bit % (bytes.length * 8)
  bytes[at >> 3] = (bytes[at >> 3] ?? 0) ^ (1 << (at & 7))
  writeFileSync(path, bytes)
}

const damagedIn = async ({ catalog }: Scene): Promise<string[]> =>
  (await catalog.scrub.damaged()).map(({ contentId }) => contentId).toSorted()

test(`${FLIPS} flipped bits are found within a round, and nothing else`, async (t) => {
  const scene = await createScene(t)
  const flipped: string[] = []
  for (let at = 0; at < FLIPS * 3; at += 1) {
    await scene.add(idOf(at), 33_000 + at)
    if (at % 3 !== 0) continue
    flip(scene.pathOf(idOf(at)), at * 7919)
    flipped.push(idOf(at))
  }
  await scrubBlobs(scene, NEVER)
  assert.deepEqual(await damagedIn(scene), [], 'nothing is due yet')
  // As a schedule would, with a stop in between.
  for (let day = 0; day < DAYS; day += 1) {
    scene.pass(DAY_MS)
    await scrubBlobs(scene, NEVER)
  }
  assert.deepEqual(await damagedIn(scene), flipped)
  const told = await scene.catalog.events.after(0, 10_000)
  assert.equal(told.filter(({ event }) => event.kind === 'blob.damaged').length, FLIPS)
})

test('is spread over the time: half of it is read when half of the time is over', async (t) => {
  const scene = await createScene(t)
  for (let at = 0; at < 200; at += 1) await scene.add(idOf(at), 40_000)
  await scrubBlobs(scene, NEVER)
  scene.pass(DAYS * 0.45 * DAY_MS)
  await scrubBlobs(scene, NEVER)
  const half = scene.read.bytes
  assert.ok(half >= 100 * 40_000 && half <= 150 * 40_000, `${half}`)
  await scrubBlobs(scene, NEVER)
  assert.equal(scene.read.bytes, half, 'no byte is read before it is due')
})

test('marks what is missing, served by nobody, and what heals is served again', async (t) => {
  const scene = await createScene(t)
  for (let at = 0; at < 3; at += 1) await scene.add(idOf(at), 35_000)
  const [path, other] = [scene.pathOf(idOf(0)), scene.pathOf(idOf(1))]
  const bytes = readFileSync(path)
  rmSync(path)
  flip(other, 5)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  const faults = (await scene.catalog.scrub.damaged()).map(({ fault }) => fault)
  assert.deepEqual(faults.toSorted(), ['changed', 'missing'])
  const damaged = createDamagedContents(scene.catalog.scrub)
  await damaged.refresh()
  assert.equal(damaged.count, 2)
  assert.throws(() => damaged.requireWhole(idOf(0)), /damaged/)
  damaged.requireWhole(idOf(2))

  assert.equal(await recheckDamaged(scene, NEVER), 0)
  writeFileSync(path, bytes)
  assert.equal(await recheckDamaged(scene, NEVER), 1)
  await damaged.refresh()
  damaged.requireWhole(idOf(0))
  assert.deepEqual(await damagedIn(scene), [idOf(1)])

  // Whoever deletes the file has done with it.
  await remove(scene.catalog, idOf(1), { nowMs: scene.clock.now() })
  scene.pass(DAY_MS)
  await sweepContents({ ...scene, heldAmong: async () => [] }, NEVER)
  assert.deepEqual(await damagedIn(scene), [])
})

test('goes on behind a blob that the disk cannot read, and marks it', async (t) => {
  const scene = await createScene(t)
  for (let at = 0; at < 12; at += 1) await scene.add(idOf(at), 34_000)
  scene.spoil(idOf(3))
  flip(scene.pathOf(idOf(9)), 11)
  await scrubBlobs(scene, NEVER)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  assert.deepEqual(await damagedIn(scene), [idOf(3), idOf(9)])
  const told = await scene.catalog.events.after(0, 100)
  assert.equal(told.filter(({ event }) => event.kind === 'blob.damaged').length, 2)
  assert.equal(await recheckDamaged(scene, NEVER), 0)
})

test('marks nothing where the disk reads nothing, and begins there again', async (t) => {
  const scene = await createScene(t)
  for (let at = 0; at < 12; at += 1) await scene.add(idOf(at), 34_000)
  for (let at = 0; at < 12; at += 1) scene.spoil(idOf(at))
  await scrubBlobs(scene, NEVER)
  scene.pass(DAYS * DAY_MS)
  await assert.rejects(scrubBlobs(scene, NEVER), { fault: 'unavailable' })
  assert.deepEqual(await damagedIn(scene), [])
  assert.equal((await scene.catalog.scrub.round())?.position, 0)
})

test('learns what a blob hashes to of which nobody said it, and finds it changed the next time', async (t) => {
  const scene = await createScene(t)
  await scene.add(idOf(0), 50_000, false)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  assert.notEqual((await scene.catalog.scrub.find(idOf(0)))?.sha256, null)
  assert.deepEqual(await damagedIn(scene), [])
  flip(scene.pathOf(idOf(0)), 1234)
  scene.pass(DAYS * DAY_MS)
  await scrubBlobs(scene, NEVER)
  assert.deepEqual(await damagedIn(scene), [idOf(0)])
})

test('0 days reads nothing', async (t) => {
  const scene = await createScene(t)
  await scene.add(idOf(0), 50_000)
  scene.pass(DAYS * DAY_MS)
  assert.equal(await scrubBlobs({ ...scene, scrubDays: 0 }, NEVER), 0)
  assert.equal(await scene.catalog.scrub.round(), null)
  assert.equal(scene.read.bytes, 0)
})
