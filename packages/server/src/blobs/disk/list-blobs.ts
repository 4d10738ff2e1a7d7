/** Walks the blob store for consistency checks, one folder at a time. */
import { join } from 'node:path'
import { isBlobId, isFolderName } from './blob-places.ts'
import type { BlobPlaces } from './blob-places.ts'
import { codeOf } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'

export interface FoundBlob {
  readonly blobId: string
  readonly size: number
  readonly writtenAtMs: number
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

async function foldersIn(calls: FileCalls, path: string): Promise<string[]> {
  const entries = await calls.readdir(path)
  return entries
    .filter((entry) => entry.isDirectory() && isFolderName(entry.name))
    .map((entry) => join(path, entry.name))
}

/** `null` if it went away meanwhile, or is no file. */
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
