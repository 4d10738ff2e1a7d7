/**
 * Under which name each file goes that strangers send into a drop: nobody replaces what somebody else sent, so the second `a.pdf` is
 * `a (2).pdf`, also while the first one is on its way, or waits until it was looked at.
 */
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../../core/context.ts'
import { refusal } from '../../core/errors.ts'
import { formatPath, parseObjectKey } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { numbered } from '../../core/shares/zip/zip-names.ts'

type Drop = Pick<GrantRecord, 'bucket' | 'key' | 'createdBy'>

export interface ClaimedName {
  readonly path: ObjectPath
  /** To be called when the file is there, or will not be. */
  readonly release: () => void
}

export interface DropNames {
  /** Throws `path-invalid`, `key-too-long`, and `file-exists` where a name was taken too often. */
  claim(drop: Drop, filename: string): Promise<ClaimedName>
}

const MAX_COUNT: number = 2 ** 20

/** What is on its way is known to each process for itself. Of two others the one that comes last is refused, with `file-exists`. */
export function createDropNames(core: Pick<CoreContext, 'files' | 'catalog'>): DropNames {
  const onTheirWay = new Set<string>()

  async function isTaken({ createdBy }: Drop, path: ObjectPath): Promise<boolean> {
    if (onTheirWay.has(formatPath(path)) || (await core.files.find(path)) !== null) return true
    return (await core.catalog.held.findAt(path, createdBy)) !== null
  }

  return {
    async claim(drop, filename) {
      const { bucket, key } = drop
      const pathOf = (count: number): ObjectPath => {
        const name = count === 1 ? filename : numbered(filename, count)
        return { bucket, key: parseObjectKey(key + name) }
      }
      for (;;) {
        const count = await findFree((at) => isTaken(drop, pathOf(at)))
        const path = pathOf(count)
        const name = formatPath(path)
        if (count > MAX_COUNT) throw refusal('file-exists', { path: name })
        // Somebody may have come first while it was looked for.
        if (onTheirWay.has(name)) continue
        onTheirWay.add(name)
        return { path, release: () => onTheirWay.delete(name) }
      }
    },
  }
}

/** A number behind one that is taken, or the first; with as few questions as the number has bits, twice. */
async function findFree(isTaken: (count: number) => Promise<boolean>): Promise<number> {
  let taken = 0
  let free = 1
  while (free <= MAX_COUNT && (await isTaken(free))) {
    taken = free
    free *= 2
  }
  while (free - taken > 1) {
    const middle = Math.floor((taken + free) / 2)
    if (await isTaken(middle)) taken = middle
    else free = middle
  }
  return free
}
