/** What a copy is made of: the version that is named, if its conditions hold. */
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import type { Permit } from '../policy/permit.ts'
import { requireBucket } from '../buckets/buckets.ts'
import { fileNotFound, findVersion } from '../find-version.ts'
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
  try {
    const file = await findVersion(core, permit, versionId)
    if (fileId !== null && file.id !== fileId) throw fileNotFound(path)
    checkReadConditions(file, conditions)
    return file
  } catch (error) {
    if (isRefusal(error, 'version-deleted')) {
      throw refusal('copy-source-deleted', error.details, error)
    }
    const condition = unmetOf(error, conditions)
    if (condition === null) throw error
    throw refusal('precondition-failed', { condition, isOfSource: true }, error)
  }
}

function unmetOf(error: unknown, { ifNoneMatch }: ReadConditions): string | null {
  if (isRefusal(error, 'precondition-failed')) return error.details.condition
  if (!isRefusal(error, 'not-modified')) return null
  return ifNoneMatch === undefined ? 'If-Modified-Since' : 'If-None-Match'
}
