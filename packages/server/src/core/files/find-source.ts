/** What a copy is made of: the version that is named, if its conditions hold. */
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import { formatPath } from '../paths.ts'
import type { Permit } from '../policy/permit.ts'
import { requireBucket } from './buckets.ts'
import { fileNotFound } from './open-file.ts'
import { checkReadConditions } from './read-conditions.ts'
import type { ReadConditions } from './read-conditions.ts'

export interface CopySource {
  /** `null`: the current one. */
  readonly versionId: string | null
  readonly conditions: ReadConditions
}

/**
 * Throws `bucket-not-found`, `file-not-found`, `version-not-found`, `copy-source-deleted`, and `precondition-failed`: a copy
 * knows no "not modified".
 */
export async function findSource(
  core: CoreContext,
  permit: Permit<'read'>,
  { versionId, conditions }: CopySource,
): Promise<FileRecord> {
  const { path, fileId } = permit
  await requireBucket(core, permit)
  const file =
    versionId === null ? await core.files.find(path) : await findVersion(core, permit, versionId)
  if (file === null || (fileId !== null && file.id !== fileId)) throw fileNotFound(path)
  try {
    checkReadConditions(file, conditions)
  } catch (error) {
    if (!isRefusal(error, 'not-modified')) throw error
    throw refusal('precondition-failed', { condition: conditionOf(conditions) }, error)
  }
  return file
}

async function findVersion(
  core: CoreContext,
  { path }: Permit<'read'>,
  versionId: string,
): Promise<FileRecord> {
  const version = await core.files.findVersion(path, versionId)
  const which = { path: formatPath(path), versionId }
  if (version === null) throw refusal('version-not-found', which)
  if (version.isDeleteMarker) throw refusal('copy-source-deleted', which)
  return version
}

function conditionOf({ ifNoneMatch }: ReadConditions): string {
  return ifNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match'
}
