/**
 * What waits under a name, for the key that sent it: its programs look at what they uploaded. A link shows it to nobody, the key's own
 * neither, because links are given away.
 */
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isLink } from '../identity.ts'
import type { ObjectPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'

/** `null` if nothing waits there, and for all others. Only where something may wait is it looked for. */
export function findOwnHeld(
  core: CoreContext,
  { caller, path, folder, fileId }: Permit<'read'>,
  versionId: string | null,
): Promise<FileRecord | null> | null {
  if (folder.policy.quarantine === undefined || versionId !== null || fileId !== null) return null
  if (isLink(caller) || caller.kind === 'anonymous') return null
  return findHeldOf(core, path, caller.id)
}

/** What a key sent there and waits, by links of its own too. */
export async function findHeldOf(
  { catalog }: Pick<CoreContext, 'catalog'>,
  path: ObjectPath,
  keyId: string,
): Promise<FileRecord | null> {
  const held = await catalog.held.findAt(path, keyId)
  return held === null ? null : toFile(held)
}

/** As it would be now. */
export function toFile(held: HeldRecord): FileRecord {
  const { id, bucket, key, versionId, size, etag, checksums, partSizes } = held
  const { contentType, headers, metadata, tags, createdAt, modifiedAt, content, quotaKey } = held
  const bytes = { size, etag, checksums, partSizes, content }
  const said = { contentType, headers, metadata, tags, quotaKey }
  const times = { createdAt, modifiedAt, arrivedAt: modifiedAt }
  return { id, bucket, key, versionId, ...times, ...bytes, ...said }
}
