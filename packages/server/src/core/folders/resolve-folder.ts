/** What holds for a file: the settings of the folders above it, resolved. Asks nobody for permission. */
import type { FolderPolicy, FolderRecord, Visibility } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'

export interface ResolvedFolder {
  readonly visibility: Visibility
  /** The path whose record decided the visibility; `null` if none did. */
  readonly visibilityFrom: string | null
  /** The lowest of every limit on the way up. */
  readonly policy: FolderPolicy
}

/** What holds for a file: the nearest visibility, and the lowest limits of all folders above it. */
export async function resolveFolder(
  core: Pick<CoreContext, 'folders' | 'keyRing'>,
  bucket: string,
  key: string,
): Promise<ResolvedFolder> {
  const { snapshot } = await core.keyRing.current()
  return core.folders.resolve(snapshot.epoch, bucket, key)
}

/** The same over records already at hand, nearest first. */
export function resolveRecords(records: readonly FolderRecord[]): ResolvedFolder {
  const deciding = records.find((record) => record.visibility !== null)
  return {
    visibility: deciding?.visibility ?? 'private',
    visibilityFrom: deciding?.path ?? null,
    policy: lowestPolicy(records),
  }
}

const POLICY_LIMITS = ['maxDownloadSeconds', 'maxUploadSeconds', 'maxBytes'] as const

function lowestPolicy(records: readonly FolderRecord[]): FolderPolicy {
  const lowest: { -readonly [Limit in keyof FolderPolicy]: FolderPolicy[Limit] } = {}
  for (const { policy } of records) {
    for (const limit of POLICY_LIMITS) {
      const value = policy[limit]
      if (value !== undefined) lowest[limit] = Math.min(value, lowest[limit] ?? value)
    }
  }
  return lowest
}
