/**
 * Under which name something goes that comes into a drop: nobody replaces what somebody else sent, or is sending, or what waits until it
 * was looked at. The second `a.pdf` is `a (2).pdf`.
 */
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { findHeldOf } from '../files/find-own-held.ts'
import type { ObjectPath } from '../paths.ts'
import { formatPath, parseObjectKey } from '../paths.ts'
import { numbered } from './zip/zip-names.ts'

/** Its key is where things go. */
export type Drop = Pick<GrantRecord, 'bucket' | 'key' | 'createdBy'>

const MAX_COUNT: number = 2 ** 20

/** Throws `path-invalid`, `key-too-long`, and `file-exists` where a name was taken too often. `isClaimed` knows of others that are. */
export async function findFreePath(
  core: Pick<CoreContext, 'files' | 'catalog'>,
  drop: Drop,
  filename: string,
  isClaimed: (path: ObjectPath) => boolean = () => false,
): Promise<ObjectPath> {
  const { bucket, key } = drop
  const pathOf = (count: number): ObjectPath => {
    const name = count === 1 ? filename : numbered(filename, count)
    return { bucket, key: parseObjectKey(key + name) }
  }
  const count = await findFree(async (at) => {
    const path = pathOf(at)
    return isClaimed(path) || (await isTaken(core, drop, path))
  })
  const path = pathOf(count)
  if (count > MAX_COUNT) throw refusal('file-exists', { path: formatPath(path) })
  return path
}

async function isTaken(
  { files, catalog }: Pick<CoreContext, 'files' | 'catalog'>,
  { createdBy }: Drop,
  path: ObjectPath,
): Promise<boolean> {
  if ((await files.find(path)) !== null) return true
  if ((await findHeldOf({ catalog }, path, createdBy)) !== null) return true
  const query = { bucket: path.bucket, prefix: path.key, delimiter: '', after: '' }
  const { entries } = await files.uploads.list({ ...query, afterUploadId: '', limit: 1 })
  return entries.some((entry) => entry.kind === 'file' && entry.file.key === path.key)
}

/** A number behind one that is taken, or the first; with as few questions as the number has bits, twice. */
async function findFree(isTakenAt: (count: number) => Promise<boolean>): Promise<number> {
  let taken = 0
  let free = 1
  while (free <= MAX_COUNT && (await isTakenAt(free))) {
    taken = free
    free *= 2
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2)
    if (await isTakenAt(middle)) taken = middle
    else free = middle
  }
  return free
}
