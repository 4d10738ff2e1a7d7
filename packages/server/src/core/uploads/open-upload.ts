/** Opens an upload in parts: what its file will be called and say of itself is decided here, its bytes come later. */
import type { Checksum, FileRecord, StoredHeaders, UploadRecord } from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { keyQuotaOf } from '../files/quota.ts'
import { checkType } from '../files/write-file.ts'
import { callerId } from '../identity.ts'
import { MAX_OPEN_UPLOADS, UPLOAD_IDLE_MS } from '../limits.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'

export interface OpenUploadRequest {
  readonly contentType: string | null
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** What the parts will carry, and how the whole is summed up of them; `null` if the client did not say. */
  readonly checksum: Pick<Checksum, 'algorithm' | 'type'> | null
  /** Of one that was planned: its id, how long it may stand idle, and how large its file will be. */
  readonly slot?: { readonly id: string; readonly idleMs: number; readonly bytes: number }
}

/** Throws `bucket-not-found`, `field-invalid` for a broken type, `content-type-not-allowed`, `upload-limit`, `quota-exceeded`. */
export async function openUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  request: OpenUploadRequest,
): Promise<UploadRecord> {
  const upload = draftUpload(core, permit, request)
  await requireRoom(core, permit, request.slot?.bytes ?? 0)
  const hold = holdPermit(core, permit)
  const { outcome } = await core.files.uploads.create({
    upload,
    conditions: async () => {
      const held = await hold()
      checkType(held, request.contentType)
      return { epoch: held.epoch, maxOpen: MAX_OPEN_UPLOADS }
    },
  })
  switch (outcome) {
    case 'opened':
      return upload
    case 'bucket-missing':
      throw bucketNotFound(upload.bucket)
    case 'too-many-uploads':
      throw refusal('upload-limit', { of: 'uploads', limit: MAX_OPEN_UPLOADS })
    case 'epoch-changed':
      throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}

function draftUpload(
  { clock, random }: CoreContext,
  permit: Permit<'write'>,
  { contentType, headers, metadata, tags, checksum, slot }: OpenUploadRequest,
): UploadRecord {
  const { path, caller } = permit
  const createdAt = clock.now()
  return {
    id: slot?.id ?? createOrderedId(clock, random, ''),
    bucket: path.bucket,
    key: path.key,
    contentType: checkType(permit, contentType),
    headers,
    metadata,
    tags,
    checksumAlgorithm: checksum?.algorithm ?? null,
    checksumType: checksum?.type ?? null,
    createdBy: callerId(caller),
    quotaKey: keyQuotaOf(permit)?.keyId ?? '',
    createdAt,
    expiresAt: createdAt + (slot?.idleMs ?? UPLOAD_IDLE_MS),
  }
}

/** Its parts take room as they come; where there is none for its file now, none is sent in vain. */
async function requireRoom(
  core: CoreContext,
  permit: Permit<'write'>,
  size: number,
): Promise<void> {
  const findReplaced = (): Promise<FileRecord | null> => core.files.find(permit.path)
  const room = await core.reservations.reserve(core, permit, { size, isPart: false, findReplaced })
  room.release()
}
