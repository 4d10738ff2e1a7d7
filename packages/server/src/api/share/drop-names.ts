/** Names of files that are on their way into drops, so that two of one name, sent at once, do not go to one place. */
import type { CoreContext } from '../../core/context.ts'
import { formatPath } from '../../core/paths.ts'
import type { ObjectPath } from '../../core/paths.ts'
import { findFreePath } from '../../core/shares/find-free-path.ts'
import type { Drop } from '../../core/shares/find-free-path.ts'

export interface ClaimedName {
  readonly path: ObjectPath
  /** To be called when the file is there, or will not be. */
  readonly release: () => void
}

export interface DropNames {
  /** Throws what `findFreePath` throws. */
  claim(drop: Drop, filename: string): Promise<ClaimedName>
}

/** What is on its way is known to each process for itself. Of two others the one that comes last is refused, with `file-exists`. */
export function createDropNames(core: Pick<CoreContext, 'files' | 'catalog'>): DropNames {
  const onTheirWay = new Set<string>()
  const isClaimed = (path: ObjectPath): boolean => onTheirWay.has(formatPath(path))
  return {
    async claim(drop, filename) {
      let path = await findFreePath(core, drop, filename, isClaimed)
      // Somebody may have come first while it was looked for.
      while (isClaimed(path)) path = await findFreePath(core, drop, filename, isClaimed)
      const name = formatPath(path)
      onTheirWay.add(name)
      return { path, release: () => onTheirWay.delete(name) }
    },
  }
}
