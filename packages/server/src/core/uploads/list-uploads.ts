/** What is open, and what has come of it. */
import type { ListUploadsQuery, Listing } from '../../catalog/file-steps.ts'
import type { PartRecord, UploadRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { requireBucket } from '../buckets/buckets.ts'
import type { Permit } from '../policy/permit.ts'
import { findUpload } from './find-upload.ts'

/** One page of the uploads under the permit's path, by key, then by age. Throws `bucket-not-found`. */
export async function listUploads(
  core: CoreContext,
  permit: Permit<'list'>,
  query: Pick<ListUploadsQuery, 'delimiter' | 'after' | 'afterUploadId' | 'limit'>,
): Promise<Listing<UploadRecord>> {
  const { bucket, key: prefix } = permit.path
  await requireBucket(core, permit)
  return core.files.uploads.list({ ...query, bucket, prefix })
}

export interface ListPartsQuery {
  readonly uploadId: string
  /** Only those of higher numbers. */
  readonly after: number
  readonly limit: number
}

export interface ListedParts {
  readonly upload: UploadRecord
  readonly parts: readonly PartRecord[]
  readonly isTruncated: boolean
}

/** Throws `bucket-not-found`, `upload-not-found`. */
export async function listParts(
  core: CoreContext,
  permit: Permit<'write'>,
  { uploadId, after, limit }: ListPartsQuery,
): Promise<ListedParts> {
  const upload = await findUpload(core, permit, uploadId)
  const found = await core.files.uploads.listParts(uploadId, after, limit + 1)
  const parts = found.slice(0, limit)
  return { upload, parts, isTruncated: found.length > limit }
}
