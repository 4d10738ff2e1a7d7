/** Stores with a clock the test moves: a catalog in memory, a disk store in a folder of its own. */
import { mkdtemp, rm, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore } from '../../src/blobs/blob-store.ts'
import { createBlobPlaces } from '../../src/blobs/disk/blob-places.ts'
import { createDiskBlobStore } from '../../src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../src/catalog/catalog.ts'
import { createSqliteCatalog } from '../../src/catalog/sqlite/sqlite-catalog.ts'
import type { FileTree } from '../../src/trees/file-tree.ts'
import { inChunks } from '../suites/blob-store-suite.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { createContentCache } from '../../src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../src/trees/managed/managed-tree.ts'
import { bucketOf, draftOf, remove, store } from '../suites/catalog-fixture.ts'

export interface Scene {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly clock: { now(): number }
  readonly files: FileTree
  /** As if somebody was reading these. */
  readonly reading: Set<string>
  heldAmong(contentIds: readonly string[]): Promise<readonly string[] | null>
  pass(ms: number): void
  /** A blob, written now as the scene has it. */
  write(blobId: string): Promise<void>
  /** A file with its bytes in the blob store, or in the catalog itself. */
  store(key: string, kind: 'inline' | 'blob'): Promise<string>
  remove(key: string): Promise<void>
  readonly dispose: () => Promise<void>
}

export async function createScene(): Promise<Scene> {
  let now = 1_700_000_000_000
  const clock = { now: () => now }
  const directory = await mkdtemp(join(tmpdir(), 'hallpass-jobs-'))
  const catalog = createSqliteCatalog({ path: ':memory:', clock })
  const blobs = createDiskBlobStore({ directory })
  const places = createBlobPlaces(directory)
  const reading = new Set<string>()
  await catalog.buckets.create(bucketOf('acme'), null)

  async function write(blobId: string): Promise<void> {
    const { signal } = new AbortController()
    await blobs.write(blobId, inChunks(Buffer.from(blobId), 9), { size: null, signal })
    await utimes(places.of(blobId).path, now / 1000, now / 1000)
  }

  return {
    catalog,
    blobs,
    clock,
    files: createManagedTree({
      catalog,
      blobs,
      cache: createContentCache(),
      holds: createContentHolds(),
      damaged: createDamagedContents(catalog.scrub),
      clock,
      random: systemRandom,
    }),
    reading,
    heldAmong: async (contentIds) => contentIds.filter((id) => reading.has(id)),
    pass: (ms) => void (now += ms),
    write,
    async store(key, kind) {
      const contentId = `blobblob${key}`
      const bytes = Buffer.from(key)
      if (kind === 'blob') await write(contentId)
      const content =
        kind === 'inline' ? { kind, contentId, bytes } : { kind, contentId, size: bytes.length }
      await store(catalog, draftOf(key, {}, content))
      return contentId
    },
    async remove(key) {
      await remove(catalog, key, { nowMs: now })
    },
    dispose: async () => {
      await catalog.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
