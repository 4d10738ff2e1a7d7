/**
 * Puts an upload together of partial ones, in their order; they end with it, and no byte moves. The same list asked for again, because the
 * answer was lost, is the same upload.
 */
import type { UploadRecord } from '../../../catalog/records.ts'
import { drawnFrom } from '../../../platform/drawn-from.ts'
import { createId, timeOfId } from '../../../platform/ids.ts'
import { storeUnavailable } from '../../../platform/store-errors.ts'
import { bucketNotFound } from '../../buckets/buckets.ts'
import type { CoreContext } from '../../context.ts'
import { isRefusal, refusal } from '../../errors.ts'
import { checkObjectSize } from '../../files/object-size.ts'
import { keyQuotaOf, quotaExceeded } from '../../files/quota.ts'
import { checkType } from '../../files/write-file.ts'
import { UPLOAD_IDLE_MS } from '../../limits.ts'
import { MAX_PARTS } from '../../../platform/s3-limits.ts'
import { requireManaged } from '../../mounts/require-managed.ts'
import { holdPermit } from '../../policy/hold-permit.ts'
import type { Permit } from '../../policy/permit.ts'
import { uploadNotFound } from '../find-upload.ts'
import { NO_RESUMING, maxOpenOf } from '../open-upload.ts'
import { openerOf } from '../opener-of.ts'
import { requireFree, requireNoDigest } from './begin-resumable.ts'
import { bytesOf, findResumable } from './find-resumable.ts'
import type { ResumableUpload } from './find-resumable.ts'

export interface JoinWish {
  readonly contentType: string | null
  readonly announced: string
  readonly overwrite: boolean
  /** The ids of the partial ones. */
  readonly of: readonly string[]
}

/** As many as a client would send at once, and more. */
export const MAX_JOINED = 1000

/**
 * Throws `upload-not-found` for one that is not there, is somebody else's or was put together with others, `upload-incomplete` for one that is not all there,
 * `upload-claim-wrong` for none, too many or the same twice, `quota-exceeded`, and what beginning an upload throws.
 */
export async function joinResumable(
  core: CoreContext,
  permit: Permit<'write'>,
  wish: JoinWish,
): Promise<ResumableUpload> {
  requireNoDigest(permit)
  requireList(wish.of)
  await requireManaged(core, permit, NO_RESUMING)
  const id = idOf(permit, wish.of)
  const known = await findJoined(core, permit, id)
  if (known !== null) return known
  const sources = await findSources(core, permit, wish.of)
  const length = bytesOf(sources.map(({ bytes }) => ({ size: bytes })))
  checkObjectSize(permit, length)
  await requireFree(core, permit, wish.overwrite)
  const createdAt = core.clock.now()
  const upload: UploadRecord = {
    id,
    ...permit.path,
    contentType: checkType(permit, wish.contentType),
    headers: {},
    metadata: {},
    tags: {},
    checksumAlgorithm: null,
    checksumType: null,
    createdBy: openerOf(permit),
    quotaKey: keyQuotaOf(permit)?.keyId ?? '',
    createdAt,
    expiresAt: createdAt + UPLOAD_IDLE_MS,
    resumable: {
      length,
      announced: wish.announced,
      kind: 'final',
      of: wish.of,
      overwrite: wish.overwrite,
    },
  }
  const hold = holdPermit(core, permit)
  const { outcome } = await core.files.uploads.join({
    upload,
    sources,
    conditions: async () => {
      const { epoch, quotas } = await hold()
      return { epoch, quotas, maxOpen: maxOpenOf(permit) }
    },
  })
  if (outcome === 'bucket-missing') throw bucketNotFound(permit.path.bucket)
  if (outcome === 'over-quota') throw quotaExceeded(permit.quotas)
  if (outcome === 'epoch-changed' || outcome === 'too-many-uploads') {
    throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
  }
  // Gone are those that somebody else put together: the same client, perhaps, which asked twice.
  return findResumable(core, permit, id)
}

async function findJoined(
  core: CoreContext,
  permit: Permit<'write'>,
  id: string,
): Promise<ResumableUpload | null> {
  try {
    return await findResumable(core, permit, id)
  } catch (error) {
    if (isRefusal(error, 'upload-not-found')) return null
    throw error
  }
}

function requireList(of: readonly string[]): void {
  const isFine = of.length > 0 && of.length <= MAX_JOINED && new Set(of).size === of.length
  if (isFine) return
  const reason = `An upload is put together of 1 to ${MAX_JOINED} others, each once.`
  throw refusal('upload-claim-wrong', { reason })
}

/** Drawn from theirs, which nobody can guess. */
function idOf(permit: Permit, of: readonly string[]): string {
  const [first = ''] = of
  if (timeOfId(first, '') === null) throw uploadNotFound(first)
  return createId(drawnFrom(JSON.stringify([openerOf(permit), permit.path, of])), first.slice(0, 8))
}

async function findSources(
  core: CoreContext,
  permit: Permit<'write'>,
  of: readonly string[],
): Promise<readonly { readonly id: string; readonly bytes: number }[]> {
  const sources: { readonly id: string; readonly bytes: number }[] = []
  let count = 0
  for (const [index, id] of of.entries()) {
    const slot = await core.files.uploads.find(id)
    const terms = slot?.resumable ?? null
    if (slot?.createdBy !== openerOf(permit) || terms?.kind !== 'partial') throw uploadNotFound(id)
    const parts = await core.files.uploads.listParts(id, 0, MAX_PARTS)
    const bytes = bytesOf(parts)
    if (terms.length !== bytes) {
      throw refusal('upload-incomplete', { missing: index + 1, partCount: of.length })
    }
    count += parts.length
    sources.push({ id, bytes })
  }
  if (count > MAX_PARTS) throw refusal('upload-limit', { of: 'parts', limit: MAX_PARTS })
  return sources
}
