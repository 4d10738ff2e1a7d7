/** Opens an upload in parts: what its file will be called and say of itself is decided here, its bytes come later. */
import type {
  Checksum,
  FileRecord,
  ResumableTerms,
  StoredHeaders,
  UploadRecord,
} from '../../catalog/records.ts'
import { createOrderedId } from '../../platform/ids.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { keyQuotaOf } from '../files/quota.ts'
import { checkType, readType } from '../files/write-file.ts'
import { isLink } from '../identity.ts'
import { MAX_OPEN_UPLOADS, MAX_OPEN_UPLOADS_OF_A_LINK, UPLOAD_IDLE_MS } from '../limits.ts'
import { asksForKind } from '../files/kinds/require-kind.ts'
import { requireKept, requireManaged } from '../mounts/require-managed.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { openerOf } from './opener-of.ts'

export interface OpenUploadRequest {
  readonly contentType: string | null
  readonly headers: StoredHeaders
  readonly metadata: Readonly<Record<string, string>>
  readonly tags: Readonly<Record<string, string>>
  /** What the parts will carry, and how the whole is summed up of them; `null` if the client did not say. */
  readonly checksum: Pick<Checksum, 'algorithm' | 'type'> | null
  /** Of one that was planned: its id, how long it may stand idle, and how large its file will be. */
  readonly slot?: { readonly id: string; readonly idleMs: number; readonly bytes: number }
  /** Of one that is sent from one end to the other. */
  readonly resumable?: ResumableTerms
}

const NO_PARTS =
  'where types must match, a file comes in one piece, because nobody can look into a part'

/** A store has parts of its own, of a least size, and no order in which they must come. */
export const NO_RESUMING =
  'it takes files in one piece or in parts, and not from one end to the other'

/** Throws `bucket-not-found`, `field-invalid` for a broken type, `content-type-not-allowed`, `upload-limit`, `quota-exceeded`. */
export async function openUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  request: OpenUploadRequest,
): Promise<UploadRecord> {
  await requireKept(core, permit, request)
  if (asksForKind(permit)) await requireManaged(core, permit, NO_PARTS)
  if (request.resumable !== undefined) await requireManaged(core, permit, NO_RESUMING)
  const upload = draftUpload(core, permit, request)
  await requireRoom(core, permit, request.slot?.bytes ?? request.resumable?.length ?? 0)
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
      throw bucketNotFound(upload.bucket)
    case 'too-many-uploads':
      throw refusal('upload-limit', { of: 'uploads', limit: maxOpen })
    case 'epoch-changed':
      throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
}

export function maxOpenOf({ caller, grant }: Permit): number {
  return isLink(caller) && grant !== null ? MAX_OPEN_UPLOADS_OF_A_LINK : MAX_OPEN_UPLOADS
}

/** A partial one becomes no file: what the whole is, the final one says. */
function typeOf(permit: Permit, { contentType, resumable }: OpenUploadRequest): string {
  return resumable?.kind === 'partial' ? readType(contentType) : checkType(permit, contentType)
}

function draftUpload(
  { clock, random }: CoreContext,
  permit: Permit<'write'>,
  request: OpenUploadRequest,
): UploadRecord {
  const { path } = permit
  const { headers, metadata, tags, checksum, slot, resumable = null } = request
  const createdAt = clock.now()
  return {
    id: slot?.id ?? createOrderedId(clock, random, ''),
    bucket: path.bucket,
    key: path.key,
    contentType: typeOf(permit, request),
    headers,
    metadata,
    tags,
    checksumAlgorithm: checksum?.algorithm ?? null,
    checksumType: checksum?.type ?? null,
    createdBy: openerOf(permit),
    quotaKey: keyQuotaOf(permit)?.keyId ?? '',
    createdAt,
    expiresAt: createdAt + (slot?.idleMs ?? UPLOAD_IDLE_MS),
    resumable,
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
