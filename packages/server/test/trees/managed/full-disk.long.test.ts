/** A disk without a byte left: what is there can be read, deletes and revocations go through, and uploads are told. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { BlobStore } from '../../../src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { sweepContents } from '../../../src/jobs/sweep-contents.ts'
import { StoreError } from '../../../src/platform/store-errors.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import type { FileTree } from '../../../src/trees/file-tree.ts'
import { createContentCache } from '../../../src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../../src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../../src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../../src/trees/managed/managed-tree.ts'
import { inChunks, rejectsWith, sampleBytes } from '../../suites/blob-store-suite.ts'
import { beginsReading, bucketOf, grantOf, insertGrants } from '../../suites/catalog-fixture.ts'

const DISK_MIB = 64
const LARGE = 1_000_000
const SMALL = 1000
const NEVER: AbortSignal = new AbortController().signal

/** Why there can be no small disk here; `false` if there can. */
const cannotMount: string | false = await whyNotMount()

async function whyNotMount(): Promise<string | false> {
  if (process.platform !== 'linux') return 'only Linux has tmpfs'
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-mount-'))
  const isMounted = mount(folder)
  if (isMounted) unmount(folder)
  await rm(folder, { recursive: true })
  return isMounted ? false : 'mounting a small disk needs the rights of root'
}

function mount(folder: string): boolean {
  const options = ['-t', 'tmpfs', '-o', `size=${DISK_MIB}m`, 'hallpass', folder]
  return spawnSync('mount', options, { stdio: 'ignore' }).status === 0
}

function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder], { stdio: 'ignore' })
}

interface Disk {
  readonly folder: string
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly tree: FileTree
  readonly clock: { now(): number }
  readonly heldAmong: (contentIds: readonly string[]) => Promise<readonly string[]>
  pass(ms: number): void
  /** As the server does when it is started again. */
  restart(): Promise<Disk>
}

function open(folder: string): Disk {
  let now = 1_000_000_000
  const clock = { now: () => now }
  const catalog = createSqliteCatalog({ path: join(folder, 'catalog.db'), clock })
  const blobs = createDiskBlobStore({ directory: join(folder, 'blobs') })
  const holds = createContentHolds()
  const stores = { catalog, blobs, clock, random: systemRandom, holds }
  return {
    folder,
    catalog,
    blobs,
    clock,
    tree: createManagedTree({
      ...stores,
      cache: createContentCache(),
      damaged: createDamagedContents(catalog.scrub),
    }),
    heldAmong: async (contentIds) => holds.heldAmong(contentIds),
    pass: (ms) => void (now += ms),
    restart: async () => {
      await catalog.close()
      return open(folder)
    },
  }
}

async function onSmallDisk(body: (disk: Disk) => Promise<Disk>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-full-'))
  assert.ok(mount(folder))
  try {
    const disk = open(folder)
    await disk.catalog.buckets.create(bucketOf('acme'), null)
    const last = await body(disk)
    await last.catalog.close()
  } finally {
    unmount(folder)
    await rm(folder, { recursive: true })
  }
}

async function put({ tree }: Disk, key: string, size: number): Promise<void> {
  const bytes = sampleBytes(size)
  const outcome = await tree.write({
    path: { bucket: 'acme', key },
    draft: { contentType: 'text/plain', headers: {}, metadata: {}, tags: {} },
    body: inChunks(bytes, 65_536),
    size,
    seal: async () => ({
      size,
      etag: createHash('md5').update(bytes).digest('hex'),
      checksums: [],
    }),
    conditions: async () => ({ epoch: null }),
    signal: NEVER,
  })
  assert.equal(outcome.outcome, 'committed')
}

async function remove({ tree }: Disk, key: string): Promise<void> {
  const conditions = async () => ({ epoch: null })
  const path = { bucket: 'acme', key }
  const { outcome } = await tree.remove({ path, versionId: null, conditions })
  assert.equal(outcome, 'removed')
}

async function read({ tree }: Disk, key: string): Promise<number> {
  const file = await tree.find({ bucket: 'acme', key })
  assert.ok(file !== null)
  const body = await tree.open(file, null, NEVER)
  assert.ok(body?.kind === 'bytes')
  return body.bytes.length
}

/** Not a byte is left. */
function fillUp({ folder }: Disk): void {
  const fd = openSync(join(folder, 'filler'), 'a')
  try {
    for (let size = 1024 * 1024; size >= 1;) {
      try {
        writeSync(fd, Buffer.alloc(size, 1))
      } catch {
        size >>= 1
      }
    }
  } finally {
    closeSync(fd)
  }
}

/** Again and again until it succeeds: room is noticed a little late. */
async function eventually(work: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await work()
      return
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
    }
    await new Promise((resolve) => {
      setTimeout(resolve, 100)
    })
  }
}

const COUNT = 20
const keys = Array.from({ length: COUNT }, (_, at) => `file-${at}`)

async function fillWithFiles(disk: Disk): Promise<void> {
  for (const key of keys) await put(disk, key, LARGE)
  await put(disk, 'small', SMALL)
  await insertGrants(disk.catalog, grantOf('g', { maxUses: 3 }), grantOf('h'))
  fillUp(disk)
}

describe('a full disk', { skip: cannotMount }, () => {
  test('refuses uploads as full, and serves what is there', async () => {
    await onSmallDisk(async (disk) => {
      await fillWithFiles(disk)
      // The free space asked for a second ago is believed no longer.
      await eventually(async () => {
        await rejectsWith('full', put(disk, 'more', LARGE))
      })
      for (let at = 0; at < 40; at += 1) await rejectsWith('full', put(disk, `more-${at}`, SMALL))
      await rejectsWith('full', insertGrants(disk.catalog, grantOf('more')))
      assert.equal(await read(disk, 'file-0'), LARGE)
      assert.equal(await read(disk, 'small'), SMALL)
      return disk
    })
  })

  test('lets deletes, revocations, uses and aborts through, however many', async () => {
    await onSmallDisk(async (disk) => {
      await fillWithFiles(disk)
      const { catalog } = disk
      for (const key of keys) await remove(disk, key)
      for (let at = 0; at < 300; at += 1) {
        const notBefore = at
        await catalog.keys.revokeBefore(
          { scope: 'folder:acme/x/', notBefore, forgetAt: 1e15 },
          null,
        )
      }
      assert.equal(await beginsReading(catalog, 'g'), true)
      assert.equal(await catalog.grants.revoke('g', { nowMs: 600, stub: null }, null), true)
      assert.equal(await beginsReading(catalog, 'g'), false)
      assert.equal(await catalog.files.find({ bucket: 'acme', key: 'file-0' }), null)
      await rejectsWith('full', put(disk, 'more', SMALL))
      return disk
    })
  })

  test('has room again a minute after deletes, and then takes uploads again', async () => {
    await onSmallDisk(async (disk) => {
      await fillWithFiles(disk)
      for (const key of keys) await remove(disk, key)
      disk.pass(60_001)
      assert.equal(await sweepContents(disk, NEVER), COUNT)
      await eventually(() => put(disk, 'again', SMALL))
      await eventually(() => put(disk, 'large again', LARGE))
      assert.equal(existsSync(join(disk.folder, 'catalog.db-reserve')), true)
      return disk
    })
  })

  test('is survived by a restart', async () => {
    await onSmallDisk(async (disk) => {
      await fillWithFiles(disk)
      const restarted = await disk.restart()
      assert.equal(await read(restarted, 'small'), SMALL)
      for (const key of keys) await remove(restarted, key)
      restarted.pass(60_001)
      assert.equal(await sweepContents(restarted, NEVER), COUNT)
      await eventually(() => put(restarted, 'again', LARGE))
      return restarted
    })
  })
})
