/** What a mounted bucket takes: nothing where it is read only, and no line that needs a transaction with what another server stores. */
import type { FolderPolicy } from '../../policy-lines/policy-lines.ts'
import type { Quota } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { ObjectPath } from '../paths.ts'
import type { ResolvedFolder } from './resolve-folder.ts'

/** The lines that hold only where a file and what is known of it are written in one step. */
const OWN_LINES = ['quarantine', 'maxTotalBytes', 'maxFiles'] as const

/** The first of these lines that is set; `null` if none is. */
export function lineOfOwn(policy: FolderPolicy): (typeof OWN_LINES)[number] | null {
  return OWN_LINES.find((line) => policy[line] !== undefined) ?? null
}

const KEY_WITH_QUOTA =
  "what a key with a quota stores can be counted among files of this server's own alone"

/** Throws `bucket-read-only`, `mount-limited`. Of a bucket of this server's own it costs nothing. */
export async function requireMountTakes(
  { mounts }: Pick<CoreContext, 'mounts'>,
  epoch: number,
  { bucket }: ObjectPath,
  { policy, quotas }: Pick<ResolvedFolder, 'policy'> & { readonly quotas: readonly Quota[] },
): Promise<void> {
  const asked = mounts.at(epoch, bucket)
  const mount = asked instanceof Promise ? await asked : asked
  if (mount === null) return
  if (mount.isReadOnly) throw refusal('bucket-read-only', { bucket })
  if (quotas.some((quota) => 'keyId' in quota)) {
    throw refusal('mount-limited', { bucket, reason: KEY_WITH_QUOTA })
  }
  const line = lineOfOwn(policy) ?? (quotas.length > 0 ? 'maxTotalBytes' : null)
  if (line === null) return
  const reason = `what the line ${line} of its policy says can be kept for files of this server's own alone`
  throw refusal('mount-limited', { bucket, reason })
}
