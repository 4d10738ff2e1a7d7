/** Blobs as files of one directory. Several processes may share it. */
import { mkdirSync } from 'node:fs'
import type { BlobStore } from '../blob-store.ts'
import { createBlobPlaces } from './blob-places.ts'
import type { BlobPlace } from './blob-places.ts'
import { createDirectories } from './directories.ts'
import { codeOf, toDiskError } from './disk-error.ts'
import { systemFileCalls } from './file-calls.ts'
import type { FileCalls } from './file-calls.ts'
import { listBlobs, removeLeftovers, statBlob } from './list-blobs.ts'
import { openBlob } from './read-blob.ts'
import { createRoom } from './room.ts'
import { createSyncAhead } from './sync-ahead.ts'
import { createBlobBatch } from './write-batch.ts'
import { writeBlob } from './write-blob.ts'

export interface DiskBlobStoreOptions {
  /** Made, for this user only, if it is missing. Nothing in it is looked at before it is needed. */
  readonly directory: string
  /** The system calls to make; tests put faults in. */
  readonly calls?: FileCalls
}

/** Throws a StoreError if the directory cannot be made. */
export function createDiskBlobStore(options: DiskBlobStoreOptions): BlobStore {
  const calls = options.calls ?? systemFileCalls
  const places = createBlobPlaces(options.directory)
  const directories = createDirectories(options.directory, calls)
  try {
    mkdirSync(places.temporary, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw toDiskError(error, 'of any name')
  }

  async function atPlace<Result>(
    blobId: string,
    work: (place: BlobPlace) => Promise<Result>,
  ): Promise<Result> {
    const place = places.of(blobId)
    try {
      return await work(place)
    } catch (error) {
      throw toDiskError(error, blobId)
    }
  }

  const ahead = createSyncAhead(calls)
  const room = createRoom(() => calls.freeBytes(places.root))

  return {
    write: (blobId, body, options) =>
      atPlace(blobId, async (place) => {
        await room.require(options.size ?? 0)
        return writeBlob(calls, directories, { place, body, options, ahead })
      }),
    beginBatch: () =>
      createBlobBatch({
        calls,
        directories,
        ahead,
        place: (blobId) => places.of(blobId),
        requireRoom: (bytes) => room.require(bytes),
      }),
    open: (blobId, range, signal) =>
      atPlace(blobId, (place) => {
        signal.throwIfAborted()
        return openBlob(calls, place, range)
      }),
    stat: (blobId) => atPlace(blobId, (place) => statBlob(calls, place)),
    delete: (blobId) => atPlace(blobId, (place) => remove(calls, place.path)),
    list: () => listBlobs(calls, places),
    removeLeftovers: (olderThanMs) => removeLeftovers(calls, places, olderThanMs),
    freeBytes: () => calls.freeBytes(places.root),
    sign: null,
    compose: null,
    close: () => Promise.resolve(),
  }
}

async function remove(calls: FileCalls, path: string): Promise<void> {
  try {
    await calls.unlink(path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
