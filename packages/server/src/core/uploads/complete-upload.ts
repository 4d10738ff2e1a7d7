/**
 * Makes a file of the parts of an upload, in one transaction that ends it: rows are written and no byte. Of a completion and an
 * abort at once one wins. Whoever completes an upload again, because the answer was lost, is answered the same.
 */
import type { Checksum, UploadRecord } from '../../catalog/records.ts'
import type { WriteOutcome } from '../../catalog/file-steps.ts'
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal } from '../errors.ts'
import { requireKindOf } from '../files/kinds/require-kind.ts'
import { checkObjectSize } from '../files/object-size.ts'
import { loadChecksums } from '../files/checksums.ts'
import { conditionsOf, explainWrite } from '../files/write-file.ts'
import type { WritePreconditions } from '../files/write-file.ts'
import { FINISHED_UPLOAD_MS } from '../limits.ts'
import { MAX_PARTS } from '../../platform/s3-limits.ts'
import { holdPermit } from '../policy/hold-permit.ts'
import type { Permit } from '../policy/permit.ts'
import { checkClaims } from './check-claims.ts'
import type { UploadClaims } from './check-claims.ts'
import { checkParts } from './check-parts.ts'
import type { NamedPart } from './check-parts.ts'
import { findNumbered, findUpload, uploadNotFound } from './find-upload.ts'
import { etagOfParts, sealParts } from './seal-parts.ts'

export interface CompleteUploadRequest extends WritePreconditions {
  readonly uploadId: string
  /** At least one. */
  readonly parts: readonly NamedPart[]
  readonly claims: UploadClaims
  /** One that was sent from one end to the other. */
  readonly isResumable?: boolean
}

export interface CompletedUpload {
  readonly fileId: string
  readonly versionId: string
  readonly etag: string
  readonly checksums: readonly Checksum[]
  readonly partCount: number
  /** As it waits until it was looked at; `null` if it is a file already, and where the same is asked once more. */
  readonly held: HeldRecord | null
}

/**
 * Throws `bucket-not-found`, `upload-not-found`, the codes of parts and claims, `file-too-large`, `type-contradicted`, and the codes of conditions. A
 * refusal leaves the upload as it was.
 */
export async function completeUpload(
  core: CoreContext,
  permit: Permit<'write'>,
  request: CompleteUploadRequest,
): Promise<CompletedUpload> {
  const { uploadId } = request
  const upload = await findOpen(core, permit, request)
  // An upload is finished in the transaction that ends it: what is not open is looked for there, and not the other way round.
  const outcome: WriteOutcome =
    upload === null
      ? { outcome: 'upload-missing' }
      : await commitIfOpen(core, permit, { upload, request })
  if (outcome.outcome === 'committed') {
    const { id: fileId, versionId, etag, checksums, partSizes } = outcome.file
    const { held = null } = outcome
    return { fileId, versionId, etag, checksums, partCount: partSizes.length, held }
  }
  if (upload === null || outcome.outcome === 'upload-missing') {
    // Somebody ended it: the same client, perhaps, which asked twice.
    const ended = await findFinished(core, permit, request)
    if (ended !== null) return ended
    throw uploadNotFound(uploadId)
  }
  if (outcome.outcome === 'condition-failed') await check(core, permit, { upload, request })
  throw await explainWrite(core, permit, request, outcome.outcome)
}

async function findOpen(
  core: CoreContext,
  permit: Permit<'write'>,
  { uploadId, isResumable }: CompleteUploadRequest,
): Promise<UploadRecord | null> {
  const find = isResumable === true ? findUpload : findNumbered
  try {
    return await find(core, permit, uploadId)
  } catch (error) {
    if (isRefusal(error, 'upload-not-found')) return null
    throw error
  }
}

interface Completing {
  readonly upload: UploadRecord
  readonly request: CompleteUploadRequest
}

/** The parts of an upload that was ended a moment ago are not there either. */
async function commitIfOpen(
  core: CoreContext,
  permit: Permit<'write'>,
  completing: Completing,
): Promise<WriteOutcome> {
  try {
    return await commit(core, permit, completing)
  } catch (error) {
    const isOpen = (await core.files.uploads.find(completing.upload.id)) !== null
    if (isOpen || !isRefusal(error, 'part-invalid')) throw error
    return { outcome: 'upload-missing' }
  }
}

async function commit(
  core: CoreContext,
  permit: Permit<'write'>,
  completing: Completing,
): Promise<WriteOutcome> {
  const { request } = completing
  const { parts, sealed } = await check(core, permit, completing)
  const hold = holdPermit(core, permit)
  return core.files.uploads.complete({
    uploadId: request.uploadId,
    parts,
    sealed,
    forgetAt: core.clock.now() + FINISHED_UPLOAD_MS,
    conditions: async () => {
      const held = await hold()
      checkObjectSize(held, sealed.size)
      const file = parts.find(({ size }) => size > 0)
      if (file !== undefined) await requireKindOf(core, held, { claim: completing.upload, file })
      return conditionsOf(held, request)
    },
  })
}

/** The parts that make the file, and what it says of itself. */
async function check(
  core: CoreContext,
  permit: Permit<'write'>,
  { upload, request }: Completing,
): Promise<{
  readonly parts: ReturnType<typeof checkParts>
  readonly sealed: ReturnType<typeof sealParts>
}> {
  const stored = await core.files.uploads.listParts(upload.id, 0, MAX_PARTS)
  const parts = checkParts(upload, stored, request.parts)
  await loadChecksums(parts.flatMap(({ checksums }) => checksums.map(({ algorithm }) => algorithm)))
  const sealed = sealParts(upload, parts)
  checkObjectSize(permit, sealed.size)
  checkClaims(upload, parts, { sealed, claims: request.claims })
  return { parts, sealed }
}

/** Only for the same parts: another list of them is not the same question. */
async function findFinished(
  core: CoreContext,
  { path }: Permit<'write'>,
  { uploadId, parts }: CompleteUploadRequest,
): Promise<CompletedUpload | null> {
  const finished = await core.files.uploads.findFinished(uploadId)
  if (finished === null) return null
  const { bucket, key, etag } = finished
  const isSame = bucket === path.bucket && key === path.key && etag === etagOfParts(parts)
  return isSame ? { ...finished, held: null } : null
}
