/** Looks at, lists, moves and deletes files. Reading and writing their bytes have files of their own. */
import type { FileListing, ListFilesQuery } from '../../catalog/catalog.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { isWithin, requireAccess } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import type { Caller, Principal } from '../identity.ts'
import { parseFilePath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { bucketNotFound } from './write-file.ts'

/** A file by its id. Somebody who may not read it learns no more than that it is not there. */
export async function getFile(
  core: CoreContext,
  principal: Principal,
  id: string,
): Promise<FileRecord> {
  const file = await core.catalog.files.findById(id)
  if (file === null || !isWithin(principal.scope.pathPrefix, file)) throw unknownId(id)
  await requireAccess(core, principal, 'read', file)
  return file
}

/** One page of a bucket; throws `bucket-not-found`. The right is asked for the prefix, not for each file. */
export async function listFiles(
  core: CoreContext,
  caller: Caller,
  query: ListFilesQuery,
): Promise<FileListing> {
  const { bucket, prefix } = query
  await requireAccess(core, caller, 'list', { bucket, key: prefix })
  if ((await core.catalog.buckets.find(bucket)) === null) throw bucketNotFound(bucket)
  return core.catalog.files.list(query)
}

/** Deletes; resolves to what was there, or `null`: deleting what is not there succeeds, as in S3. */
export async function deleteFile(
  core: CoreContext,
  caller: Caller,
  path: ObjectPath,
): Promise<FileRecord | null> {
  await requireAccess(core, caller, 'delete', path)
  if ((await core.catalog.buckets.find(path.bucket)) === null) throw bucketNotFound(path.bucket)
  return core.catalog.files.remove(path.bucket, path.key)
}

/** Renames or moves; the id stays. Throws `file-not-found`, `file-exists`, `bucket-not-found`. */
export async function moveFile(
  core: CoreContext,
  principal: Principal,
  id: string,
  target: { readonly path: string; readonly overwrite: boolean },
): Promise<FileRecord> {
  const file = await getFile(core, principal, id)
  const to = parseFilePath(target.path)
  await requireAccess(core, principal, 'delete', file)
  await requireAccess(core, principal, 'write', to)
  const moved = await core.catalog.files.move(id, {
    ...to,
    overwrite: target.overwrite,
    nowMs: core.clock.now(),
  })
  if (moved === null) throw unknownId(id)
  if (moved === 'bucket-missing') throw bucketNotFound(to.bucket)
  if (moved !== 'target-exists') return moved
  const message = 'There is a file at the target already; say overwrite to replace it.'
  throw new DomainError('file-exists', message, { path: target.path })
}

function unknownId(id: string): DomainError<'file-not-found'> {
  return new DomainError('file-not-found', 'There is no file with this id.', { path: id })
}
