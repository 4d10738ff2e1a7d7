/**
 * Resolved folders, remembered as long as the epoch in which they were read: every change of a folder begins another one. Bounded,
 * so that requests for folders that never were push out nothing but each other.
 */
import type { FolderCatalog } from '../../catalog/catalog.ts'
import { INSTANCE, foldersOf, folderOf } from '../paths.ts'
import { resolveRecords } from '../policy/resolve-folder.ts'
import type { ResolvedFolder } from '../policy/resolve-folder.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'

const MAX_FOLDERS = 10_000

export interface FolderCache {
  /** What holds for a file at `key`. Answers without waiting what it knows. */
  resolve(epoch: number, bucket: string, key: string): ResolvedFolder | Promise<ResolvedFolder>
}

export function createFolderCache(folders: Pick<FolderCatalog, 'findMany'>): FolderCache {
  const known = createRecentlyUsed<ResolvedFolder>(MAX_FOLDERS)
  let knownEpoch = Number.NaN

  async function read(epoch: number, bucket: string, key: string): Promise<ResolvedFolder> {
    const resolved = resolveRecords(await folders.findMany([...foldersOf(bucket, key), INSTANCE]))
    // What was read in an epoch that has ended meanwhile may be what the new one has changed.
    if (epoch === knownEpoch) known.set(`${bucket}/${folderOf(key)}`, resolved)
    return resolved
  }

  return {
    resolve(epoch, bucket, key) {
      if (epoch !== knownEpoch) {
        known.clear()
        knownEpoch = epoch
      }
      return known.get(`${bucket}/${folderOf(key)}`) ?? read(epoch, bucket, key)
    },
  }
}
