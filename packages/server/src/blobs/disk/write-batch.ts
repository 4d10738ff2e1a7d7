/**
 * Writes many blobs with few waits: all their bytes first, then all syncs, which share what the file system writes for each, then
 * the names. A name leads to bytes that are safe, as it does after a single write.
 */
import type { BlobBatch } from '../blob-store.ts'
import type { BlobPlace } from './blob-places.ts'
import type { Directories } from './directories.ts'
import { codeOf, toDiskError } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'
import type { SyncAhead } from './sync-ahead.ts'
import { fillTemporary, linkInPlace, removeQuietly, syncAndClose } from './write-blob.ts'
import type { FilledFile } from './write-blob.ts'

export interface BlobBatchOptions {
  readonly calls: FileCalls
  readonly directories: Directories
  readonly ahead: SyncAhead
  readonly place: (blobId: string) => BlobPlace
  /** Throws `StoreFull`. */
  readonly requireRoom: (bytes: number) => Promise<void>
}

export function createBlobBatch(options: BlobBatchOptions): BlobBatch {
  const { calls, ahead } = options
  const filled: FilledFile[] = []
  return {
    async write(blobId, body, wish) {
      const place = options.place(blobId)
      try {
        await options.requireRoom(wish.size ?? 0)
        const file = await fillTemporary(calls, { place, body, options: wish, ahead })
        filled.push(file)
        return file.size
      } catch (error) {
        throw toDiskError(error, blobId)
      }
    },
    async settle() {
      const files = filled.splice(0)
      try {
        await allOf(files.map(({ fd }) => syncAndClose(calls, fd)))
        return await putInPlace(options, files)
      } catch (error) {
        throw toDiskError(error, 'of a batch')
      } finally {
        await allOf(files.map(({ place }) => removeQuietly(calls, place.temporaryPath)))
      }
    },
    async discard() {
      const files = filled.splice(0)
      await allOf(files.map(({ fd }) => calls.close(fd)))
      await allOf(files.map(({ place }) => removeQuietly(calls, place.temporaryPath)))
    },
  }
}

/** The ids of those that existed already. */
async function putInPlace(
  { calls, directories }: BlobBatchOptions,
  files: readonly FilledFile[],
): Promise<readonly string[]> {
  const standing: string[] = []
  await allOf(
    files.map(async ({ place }) => {
      await directories.ensure(place)
      try {
        await linkInPlace(calls, place)
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error
        standing.push(place.blobId)
      }
    }),
  )
  const folders = new Set(files.map(({ place }) => place.folder))
  await allOf([...folders].map((folder) => directories.sync(folder)))
  return standing
}

/** Nothing of it runs any more when this settles. */
async function allOf(running: readonly Promise<void>[]): Promise<void> {
  for (const settled of await Promise.allSettled(running)) {
    if (settled.status === 'rejected') throw settled.reason
  }
}
