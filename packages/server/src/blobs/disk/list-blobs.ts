/** Walks the blob store for consistency checks, one folder at a time. */
import { join } from 'node:path'
import type { BlobStat } from '../blob-store.ts'
import { isBlobId, isFolderName } from './blob-places.ts'
import type { BlobPlace, BlobPlaces } from './blob-places.ts'
import { codeOf } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'

export interface FoundBlob extends BlobStat {
  readonly blobId: string
}

export async function* listBlobs(calls: FileCalls, places: BlobPlaces): AsyncGenerator<FoundBlob> {
  for (const upper of await foldersIn(calls, places.root)) {
    for (const folder of await foldersIn(calls, upper)) {
      for (const entry of await calls.readdir(folder)) {
        const found = isBlobId(entry.name) ? await look(calls, folder, entry.name) : null
        if (found !== null) yield found
      }
    }
  }
}

/** Removes temporary files last written before `olderThanMs`; the blobs themselves are not looked at. */
export async function removeLeftovers(
  calls: FileCalls,
  places: BlobPlaces,
  olderThanMs: number,
): Promise<number> {
  let removed = 0
  for (const { name } of await calls.readdir(places.temporary)) {
    const found = await look(calls, places.temporary, name)
    if (found === null || found.writtenAtMs >= olderThanMs) continue
    await calls.unlink(join(places.temporary, name))
    removed += 1
  }
  return removed
}

/** `null` if there is no such blob. */
export async function statBlob(
  calls: FileCalls,
  { folder, blobId }: BlobPlace,
): Promise<BlobStat | null> {
  const found = await look(calls, folder, blobId)
  return found === null ? null : { size: found.size, writtenAtMs: found.writtenAtMs }
}

async function foldersIn(calls: FileCalls, path: string): Promise<string[]> {
  const entries = await calls.readdir(path)
  return entries
    .filter((entry) => entry.isDirectory() && isFolderName(entry.name))
    .map((entry) => join(path, entry.name))
}

/** `null` if it is not there, or is a folder. */
async function look(calls: FileCalls, folder: string, name: string): Promise<FoundBlob | null> {
  try {
    const found = await calls.lstat(join(folder, name))
    if (found.isDirectory()) return null
    return { blobId: name, size: found.size, writtenAtMs: found.mtimeMs }
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}
