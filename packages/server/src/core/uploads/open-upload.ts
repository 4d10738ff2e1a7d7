/** Opens an upload in parts: what its file will be called and say of itself is decided here, its bytes come later. */
import type {
  Checksum,
  ResumableTerms,
  StoredHeaders,
  UploadRecord,
} from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { checkType, readType } from '../files/write-file.ts'
import { callerId, isLink } from '../identity.ts'
import { MAX_OPEN_UPLOADS, MAX_OPEN_UPLOADS_OF_A_LINK, UPLOAD_IDLE_MS } from '../limits.ts'
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
  /** Of one that is sent from one end to the other. */
  readonly resumable?: ResumableTerms
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
  const { path } = permit
  await requireKept(core, permit, request)
  if (asksForKind(permit)) await requireManaged(core, permit, NO_PARTS)
  const createdAt = clock.now()
  const upload: UploadRecord = {
    id: request.slot?.id ?? createOrderedId(clock, random, ''),
    bucket: path.bucket,
    key: path.key,
    contentType: typeOf(permit, request),
    headers: request.headers,
    metadata: request.metadata,
    tags: request.tags,
    checksumAlgorithm: request.checksum?.algorithm ?? null,
    checksumType: request.checksum?.type ?? null,
    createdBy: openerOf(permit),
    createdAt,
    expiresAt: createdAt + (request.slot?.idleMs ?? UPLOAD_IDLE_MS),
    resumable: request.resumable ?? null,
  }
  const maxOpen = maxOpenOf(permit)
  const hold = holdPermit(core, permit)
  const { outcome } = await core.files.uploads.create({
    upload,
    conditions: async () => {
      const held = await hold()
      typeOf(held, request)
      return { epoch: held.epoch, maxOpen }
    },
  })
  switch (outcome) {
    case 'opened':
      return upload
    case 'bucket-missing':
      throw bucketNotFound(path.bucket)
    case 'too-many-uploads':
      throw refusal('upload-limit', { of: 'uploads', limit: maxOpen })
    case 'epoch-changed':
      throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}

/** Whose count of open uploads it is in: whoever comes by a link is none of those who hold a key. */
export function openerOf({ caller, grant }: Permit): string {
  return isLink(caller) && grant !== null ? grant.id : callerId(caller)
}

export function maxOpenOf({ caller, grant }: Permit): number {
  return isLink(caller) && grant !== null ? MAX_OPEN_UPLOADS_OF_A_LINK : MAX_OPEN_UPLOADS
}

/** A partial one becomes no file: what the whole is, the final one says. */
function typeOf(permit: Permit, { contentType, resumable }: OpenUploadRequest): string {
  return resumable?.kind === 'partial' ? readType(contentType) : checkType(permit, contentType)
}
