/** An open upload, for whoever may write where it leads: its slot outlives the key and the links it was opened with. */
import type { UploadRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { requireBucket } from '../buckets/buckets.ts'
import { isLink } from '../identity.ts'
import type { Permit } from '../policy/permit.ts'
import { openerOf } from './opener-of.ts'

/** Throws `bucket-not-found`, `upload-not-found`. */
export async function findUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  id: string,
): Promise<UploadRecord> {
  const { path } = permit
  const upload = await core.files.uploads.find(id)
  const isThere = upload !== null && upload.bucket === path.bucket && upload.key === path.key
  if (isThere && isOpenTo(permit, upload)) return upload
  await requireBucket(core, permit)
  throw uploadNotFound(id)
}

/** What one drop takes is no other’s, and nobody’s who writes there by a key. */
function isOpenTo(permit: Permit<'write'>, { createdBy }: UploadRecord): boolean {
  const isByDrop = isLink(permit.caller) && (permit.grant?.share ?? null) !== null
  return !isByDrop || createdBy === openerOf(permit)
}

/** One whose parts have numbers; one that is sent from one end to the other takes none. */
export async function findNumbered(
  core: CoreContext,
  permit: Permit<'write'>,
  id: string,
): Promise<UploadRecord> {
  const upload = await findUpload(core, permit, id)
  if (upload.resumable !== null) throw uploadNotFound(id)
  return upload
}

export function uploadNotFound(id: string): DomainError<'upload-not-found'> {
  return refusal('upload-not-found', { id })
}
