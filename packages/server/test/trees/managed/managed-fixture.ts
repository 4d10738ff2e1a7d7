/** A managed tree over SQLite in memory and a disk store in a folder of its own, swept when the test asks for it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BlobStore } from '../../../src/blobs/blob-store.ts'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { createSqliteCatalog } from '../../../src/catalog/sqlite/sqlite-catalog.ts'
import { sweepContents } from '../../../src/jobs/sweep-contents.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createContentCache } from '../../../src/trees/managed/content-cache.ts'
import { createContentHolds } from '../../../src/trees/managed/content-holds.ts'
import { createDamagedContents } from '../../../src/trees/managed/damaged-contents.ts'
import { createManagedTree } from '../../../src/trees/managed/managed-tree.ts'
import { listAll } from '../../suites/blob-store-suite.ts'
import type { FileTreeFixture } from '../../suites/file-tree-suite.ts'
import { bucketOf } from '../../suites/catalog-fixture.ts'

export interface ManagedFixture extends FileTreeFixture {
  readonly catalog: Catalog
  readonly blobs: BlobStore
}

/** `damage` may put faults into the stores. */
export async function createManagedFixture(
  damage: (stores: { catalog: Catalog; blobs: BlobStore }) => {
    catalog: Catalog
    blobs: BlobStore
  } = (stores) => stores,
): Promise<ManagedFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'hallpass-tree-'))
  let now = 1_000_000_000
  const clock = { now: () => now }
  const { catalog, blobs } = damage({
    catalog: createSqliteCatalog({ path: ':memory:', clock }),
    blobs: createDiskBlobStore({ directory }),
  })
  const holds = createContentHolds()
  const heldAmong = async (contentIds: readonly string[]): Promise<string[]> =>
    holds.heldAmong(contentIds)
  const stores = { catalog, blobs, clock, random: systemRandom, holds, heldAmong }
  return {
    catalog,
    blobs,
    tree: createManagedTree({
      ...stores,
      cache: createContentCache(),
      damaged: createDamagedContents(catalog.scrub),
    }),
    createBucket: async (name, versioning) => {
      await catalog.buckets.create(bucketOf(name, { versioning }), null)
    },
    epoch: () => catalog.keys.epoch(),
    changeRights: async () => {
      const rule = { scope: 'file:acme/other', notBefore: now, forgetAt: now }
      await catalog.keys.revokeBefore(rule, null)
    },
    countBlobs: async () => {
      now += 10_000_000
      await sweepContents(stores, new AbortController().signal)
      return (await listAll(blobs)).length
    },
    dispose: async () => {
      await catalog.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
