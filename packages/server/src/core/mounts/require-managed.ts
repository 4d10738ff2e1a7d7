/** What only files of this server's own can have. */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { StoredHeaders } from '../../catalog/records.ts'
import type { Permit } from '../policy/permit.ts'

/** `what` is said of the bucket: `it keeps no tags`. Throws `mount-limited`. */
export async function requireManaged(
  { mounts }: Pick<CoreContext, 'mounts'>,
  { epoch, path: { bucket } }: Pick<Permit, 'epoch' | 'path'>,
  what: string,
): Promise<void> {
  if ((await mounts.at(epoch, bucket)) === null) return
  throw refusal('mount-limited', { bucket, reason: what })
}

export interface SaidOfFile {
  readonly headers: StoredHeaders
  readonly tags?: Readonly<Record<string, string>>
}

/** Nothing that is sent with a file may get lost. Throws `mount-limited`. */
export async function requireKept(
  core: Pick<CoreContext, 'mounts'>,
  permit: Pick<Permit, 'epoch' | 'path'>,
  { headers, tags = {} }: SaidOfFile,
): Promise<void> {
  if (headers.expires !== undefined) await requireManaged(core, permit, 'it keeps no Expires')
  if (Object.keys(tags).length > 0) await requireManaged(core, permit, 'it keeps no tags')
}
