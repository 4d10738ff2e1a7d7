/** A disk store in a directory of its own, with a look behind it. */
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBlobPlaces } from '../../../src/blobs/disk/blob-places.ts'
import type { BlobPlaces } from '../../../src/blobs/disk/blob-places.ts'
import { createDiskBlobStore } from '../../../src/blobs/disk/disk-blob-store.ts'
import type { FileCalls } from '../../../src/blobs/disk/file-calls.ts'
import type { BlobStoreFixture } from '../../suites/blob-store-suite.ts'

export interface DiskFixture extends BlobStoreFixture {
  readonly directory: string
  readonly places: BlobPlaces
}

export async function createDiskFixture(calls?: FileCalls): Promise<DiskFixture> {
  const directory = await mkdtemp(join(tmpdir(), 'hallpass-blobs-'))
  const places = createBlobPlaces(directory)
  return {
    directory,
    places,
    store: createDiskBlobStore({ directory, ...(calls !== undefined && { calls }) }),
    countTemporary: async () => (await readdir(places.temporary)).length,
    damage: (blobId, how) => {
      const { path } = places.of(blobId)
      return how === 'remove' ? rm(path) : truncate(path, 10)
    },
    dispose: () => rm(directory, { recursive: true, force: true }),
  }
}
