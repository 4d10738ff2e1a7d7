/** What holds for a file: the settings of the folders above it, resolved. Asks nobody for permission. */
import type { FolderRecord, Visibility } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { resolvePolicy } from './resolve-policy.ts'
import type { ResolvedPolicy } from './resolve-policy.ts'

export interface ResolvedFolder extends ResolvedPolicy {
  readonly visibility: Visibility
  /** The path whose record decided the visibility; `null` if none did. */
  readonly visibilityFrom: string | null
}

/** What holds for a file: the nearest visibility, and the tightest lines of all folders above it. */
export async function resolveFolder(
  core: Pick<CoreContext, 'folders' | 'keyRing'>,
  bucket: string,
  key: string,
): Promise<ResolvedFolder> {
  const { snapshot } = await core.keyRing.current()
  return core.folders.resolve(snapshot.epoch, bucket, key)
}

/** The same over records already at hand, nearest first, the instance's last. */
export function resolveRecords(records: readonly FolderRecord[]): ResolvedFolder {
  const deciding = records.find((record) => record.visibility !== null)
  return {
    visibility: deciding?.visibility ?? 'private',
    visibilityFrom: deciding?.path ?? null,
    ...resolvePolicy(records),
  }
}
