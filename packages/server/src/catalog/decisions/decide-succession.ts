/** What becomes of the versions of a name when another takes the first place, or a delete marker does. */
import type { Versioning } from '../records.ts'

/** The id of the one version a name has while its bucket keeps none. */
export const NULL_VERSION = 'null'

export interface Succession {
  /** The version that was current: there is none, it moves behind, or it is gone for good. */
  readonly current: 'none' | 'kept' | 'gone'
  /** A version without an id that lies behind is gone for good too: there is only ever one. */
  readonly clearsNull: boolean
  /** Of what takes the first place; `null` if nothing does. */
  readonly versionId: string | null
}

/** A new version comes. */
export function decideCommit(
  versioning: Versioning,
  currentId: string | null,
  newVersionId: string,
): Succession {
  if (versioning === 'enabled') {
    return { ...behind(currentId), clearsNull: false, versionId: newVersionId }
  }
  if (currentId === NULL_VERSION) {
    return { current: 'gone', clearsNull: false, versionId: NULL_VERSION }
  }
  // A bucket that never kept versions has nothing behind a name, and need not look.
  return { ...behind(currentId), clearsNull: versioning !== 'off', versionId: NULL_VERSION }
}

/** The current version goes, its name stays known where versions are kept. */
export function decideRemove(
  versioning: Versioning,
  currentId: string | null,
  newVersionId: string,
): Succession {
  if (versioning !== 'off') return decideCommit(versioning, currentId, newVersionId)
  return { current: currentId === null ? 'none' : 'gone', clearsNull: false, versionId: null }
}

/** A bucket that kept versions once can stop keeping new ones, but what it kept stays. */
export function decideVersioning(standing: Versioning, asked: Versioning): Versioning {
  return asked === 'off' && standing !== 'off' ? 'suspended' : asked
}

function behind(currentId: string | null): Pick<Succession, 'current'> {
  return { current: currentId === null ? 'none' : 'kept' }
}
