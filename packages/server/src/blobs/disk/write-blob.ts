/**
 * Writes one blob: a temporary file nobody else can have opened, its bytes, fsync, its name, fsync of the folder. The
 * name is given with `link`, which never replaces: two writers of one id cannot both succeed.
 */
import { constants } from 'node:fs'
import { forEachChunk } from '../../platform/for-each-chunk.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { BlobWriteOptions } from '../blob-store.ts'
import type { BlobPlace } from './blob-places.ts'
import { createChunkWriter } from './chunk-writer.ts'
import type { Directories } from './directories.ts'
import { codeOf } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'
import type { SyncAhead } from './sync-ahead.ts'

export interface BlobWriting {
  readonly place: BlobPlace
  readonly body: AsyncIterable<Uint8Array>
  readonly options: BlobWriteOptions
  readonly ahead: SyncAhead
}

const CREATE: number =
  constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0)

/** Resolves to the number of bytes. After a failure neither the temporary file nor the blob is there. */
export async function writeBlob(
  calls: FileCalls,
  directories: Directories,
  writing: BlobWriting,
): Promise<number> {
  const { place, options } = writing
  const { fd, size } = await fillTemporary(calls, writing)
  try {
    await syncAndClose(calls, fd)
    await directories.ensure(place)
    options.signal.throwIfAborted()
    await publish(calls, directories, place)
    return size
  } catch (error) {
    await removeQuietly(calls, place.temporaryPath)
    throw error
  }
}

/** Not synced to its end yet, and open. */
export interface FilledFile {
  readonly place: BlobPlace
  readonly fd: number
  readonly size: number
}

/** Writes the body under a name that nobody looks at. After a failure it is gone again. */
export async function fillTemporary(
  calls: FileCalls,
  { place, body, options: { signal }, ahead }: BlobWriting,
): Promise<FilledFile> {
  signal.throwIfAborted()
  const fd = await calls.open(place.temporaryPath, CREATE, 0o600)
  const writer = createChunkWriter(calls, ahead, fd)
  try {
    await forEachChunk(body, signal, (chunk) => writer.add(chunk))
    return { place, fd, size: await writer.finish() }
  } catch (error) {
    // The descriptor is another's as soon as it is closed: whatever used it has come back by then.
    await writer.idle()
    try {
      await calls.close(fd)
    } finally {
      await removeQuietly(calls, place.temporaryPath)
    }
    throw error
  }
}

export async function syncAndClose(calls: FileCalls, fd: number): Promise<void> {
  try {
    await calls.sync(fd)
  } finally {
    await calls.close(fd)
  }
}

async function publish(
  calls: FileCalls,
  directories: Directories,
  { temporaryPath, path, folder }: BlobPlace,
): Promise<void> {
  await linkInPlace(calls, { temporaryPath, path })
  try {
    await Promise.all([calls.unlink(temporaryPath), directories.sync(folder)])
  } catch (error) {
    await removeQuietly(calls, path)
    throw error
  }
}

/** Throws `EEXIST` if somebody has the name already. */
export async function linkInPlace(
  calls: FileCalls,
  { temporaryPath, path }: Pick<BlobPlace, 'temporaryPath' | 'path'>,
): Promise<void> {
  try {
    await calls.link(temporaryPath, path)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    throw storeUnavailable('The temporary file of a blob was removed.', error)
  }
}

/** Clean-up after a failure that is being reported already; what stays is removed as a leftover. */
export async function removeQuietly(calls: FileCalls, path: string): Promise<void> {
  await calls.unlink(path).catch(() => undefined)
}
