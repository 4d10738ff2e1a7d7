/** The version of a file that is meant: the current one, or the one named. */
import type { FileRecord } from '../catalog/records.ts'
import type { CoreContext } from './context.ts'
import { refusal } from './errors.ts'
import type { DomainError } from './errors.ts'
import { formatPath } from './paths.ts'
import type { ObjectPath } from './paths.ts'
import type { Permit } from './policy/permit.ts'
import { bucketNotFound } from './buckets/buckets.ts'

/**
 * `null` asks for the current one. Throws `bucket-not-found`, `file-not-found`, which says so if the file was deleted and its
 * versions are kept; `version-not-found`, and `version-deleted` for a version that is a delete marker.
 */
export function findVersion(
  core: CoreContext,
  { path }: Pick<Permit, 'path'>,
  versionId: string | null,
): Promise<FileRecord> {
  return versionId === null
    ? core.files.find(path).then((file) => file ?? explainAbsence(core, path))
    : findNamed(core, path, versionId)
}

async function findNamed(
  core: CoreContext,
  path: ObjectPath,
  versionId: string,
): Promise<FileRecord> {
  const version = await core.files.findVersion(path, versionId)
  if (version === null) {
    await requireBucket(core, path)
    throw refusal('version-not-found', { path: formatPath(path), versionId })
  }
  if (!version.isDeleteMarker) return version
  const { modifiedAt } = version
  throw refusal('version-deleted', { path: formatPath(path), versionId, modifiedAt })
}

/** Why there is no file at the path. */
async function explainAbsence(core: CoreContext, path: ObjectPath): Promise<never> {
  const marker = await core.files.findMarker(path)
  if (marker !== null) {
    throw refusal('file-not-found', { path: formatPath(path), markerId: marker.versionId })
  }
  await requireBucket(core, path)
  throw fileNotFound(path)
}

async function requireBucket({ catalog }: CoreContext, { bucket }: ObjectPath): Promise<void> {
  if ((await catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
}

export function fileNotFound(path: ObjectPath): DomainError<'file-not-found'> {
  return refusal('file-not-found', { path: formatPath(path) })
}
