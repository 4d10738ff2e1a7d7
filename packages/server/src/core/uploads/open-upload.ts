/** Opens an upload in parts: what its file will be called and say of itself is decided here, its bytes come later. */
import type { Checksum, StoredHeaders, UploadRecord } from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { checkType } from '../files/write-file.ts'
import { callerId } from '../identity.ts'
import { MAX_OPEN_UPLOADS, UPLOAD_IDLE_MS } from '../limits.ts'
import { asksForKind } from '../files/kinds/require-kind.ts'
import { requireKept, requireManaged } from '../mounts/require-managed.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'

export interface OpenUploadRequest {
  readonly contentType: string | null
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** What the parts will carry, and how the whole is summed up of them; `null` if the client did not say. */
  readonly checksum: Pick<Checksum, 'algorithm' | 'type'> | null
  /** Of one that was planned: its id, and how long it may stand idle. */
  readonly slot?: { readonly id: string; readonly idleMs: number }
}

const NO_PARTS =
  'where types must match, a file comes in one piece, because nobody can look into a part'

/** Throws `bucket-not-found`, `field-invalid` for a broken type, `content-type-not-allowed`, `upload-limit`. */
export async function openUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  request: OpenUploadRequest,
): Promise<UploadRecord> {
  const { clock, random } = core
  const { path, caller } = permit
  await requireKept(core, permit, request)
  if (asksForKind(permit)) await requireManaged(core, permit, NO_PARTS)
  const createdAt = clock.now()
  const upload: UploadRecord = {
    id: request.slot?.id ?? createOrderedId(clock, random, ''),
    bucket: path.bucket,
    key: path.key,
    contentType: checkType(permit, request.contentType),
    headers: request.headers,
    metadata: request.metadata,
    tags: request.tags,
    checksumAlgorithm: request.checksum?.algorithm ?? null,
    checksumType: request.checksum?.type ?? null,
    createdBy: callerId(caller),
    createdAt,
    expiresAt: createdAt + (request.slot?.idleMs ?? UPLOAD_IDLE_MS),
  }
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
      throw bucketNotFound(path.bucket)
    case 'too-many-uploads':
      throw refusal('upload-limit', { of: 'uploads', limit: MAX_OPEN_UPLOADS })
    case 'epoch-changed':
      throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}
