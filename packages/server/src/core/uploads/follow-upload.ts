/** A planned upload on its way: what has come of it, how it is completed, how it is given up. */
import type { HeldRecord } from '../../catalog/held-steps.ts'
import type { FileRecord, GrantRecord, PartRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import type { Principal } from '../identity.ts'
import { MAX_PARTS } from '../../platform/s3-limits.ts'
import { describeLink } from '../policy/link-state.ts'
import { revokeLink } from '../links/links.ts'
import { authorize, authorizeForLink } from '../policy/authorize.ts'
import { isWithin } from '../policy/key-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { abortUpload } from './abort-upload.ts'
import { findGrant } from './begin-upload.ts'
import type { PlannedUpload } from './begin-upload.ts'
import { completeUpload } from './complete-upload.ts'
import { uploadNotFound } from './find-upload.ts'
import { bytesOfPart, partCountOf } from './sign-upload.ts'

export interface UploadState extends PlannedUpload {
  /** `ended`: it ran out, was aborted, or its link was revoked. */
  readonly status: 'open' | 'finished' | 'ended'
  readonly parts: readonly PartRecord[]
  /** What it became; `null` before, while that waits, and if it is gone again. */
  readonly file: FileRecord | null
  /** As it waits until it was looked at. */
  readonly held: HeldRecord | null
}

/** A planned upload to whose place the caller may write. Throws `upload-not-found`, `forbidden`. */
export async function authorizePlanned(
  core: CoreContext,
  caller: Principal,
  id: string,
): Promise<{ readonly permit: Permit<'write'>; readonly upload: UploadState }> {
  const { bucket, key } = await findGrant(core, id)
  if (!isWithin(caller.scope.pathPrefix, { bucket, key })) throw uploadNotFound(id)
  const permit = await authorize(core, caller, 'write', { bucket, key })
  return { permit, upload: await lookAtUpload(core, permit, id) }
}

async function lookAtUpload(
  core: CoreContext,
  { path }: Permit<'write'>,
  id: string,
): Promise<UploadState> {
  const grant = await findGrant(core, id)
  if (grant.bucket !== path.bucket || grant.key !== path.key) throw uploadNotFound(id)
  // In this order: it ends in the transaction that finishes it.
  const slot = await core.files.uploads.find(id)
  const finished = slot === null ? await core.files.uploads.findFinished(id) : null
  if (finished !== null) {
    const held = await core.catalog.held.findAt(grant, grant.createdBy)
    const ended = { id, grant, slot, status: 'finished', parts: [] } as const
    // Under the same id there may be what it is to replace.
    if (held !== null && held.etag === finished.etag) return { ...ended, file: null, held }
    return { ...ended, file: await core.files.findById(finished.fileId), held: null }
  }
  const { status } = describeLink(grant, await core.keyRing.current(), core.clock.now())
  const isOpen = slot !== null && status === 'active'
  const parts = isOpen ? await core.files.uploads.listParts(id, 0, MAX_PARTS) : []
  return { id, grant, slot, status: isOpen ? 'open' : 'ended', parts, file: null, held: null }
}

/**
 * Makes the file of its parts, or finds that it is there: asked again it answers the same. `permit` is for the place of the upload. Throws `upload-incomplete`, `upload-not-found`, and what completing throws.
 */
export async function completePlanned(
  core: CoreContext,
  permit: Permit<'write'>,
  state: UploadState,
): Promise<UploadState> {
  if (state.status === 'finished') return state
  if (state.status === 'ended') throw uploadNotFound(state.id)
  const parts = requireParts(state)
  const { bytes = 0 } = state.grant.terms.upload ?? {}
  try {
    const forLink = await authorizeForLink(core, permit.caller, state.grant)
    await completeUpload(core, forLink, {
      uploadId: state.id,
      parts: parts.map(({ number, etag }) => ({ number, etag, checksum: null })),
      claims: { size: bytes, checksumType: null, checksum: null },
    })
  } catch (error) {
    // Somebody else completed it meanwhile, and used the link.
    if (!isRefusal(error, 'link-used') && !isRefusal(error, 'upload-not-found')) throw error
    const now = await lookAtUpload(core, permit, state.id)
    if (now.status === 'finished') return now
    throw error
  }
  return lookAtUpload(core, permit, state.id)
}

/** All that were planned, each of its size. */
function requireParts({ grant, parts }: UploadState): readonly PartRecord[] {
  const partCount = partCountOf(grant)
  const isWhole = grant.terms.upload?.partBytes === null
  for (let number = 1; number <= partCount; number += 1) {
    const part = parts[number - 1]
    const isThere = part?.number === number && part.size === bytesOfPart(grant, number)
    if (isWhole || !isThere) throw refusal('upload-incomplete', { missing: number, partCount })
  }
  return parts
}

/** Its URLs end, its parts go. One that has ended stays so, and a finished one its file. */
export async function abortPlanned(
  core: CoreContext,
  { share, write }: { readonly share: Permit<'share'>; readonly write: Permit<'write'> },
  { id, grant, status, slot }: UploadState,
): Promise<void> {
  if (status === 'finished') return
  await revokeLink(core, share, await viewOf(core, grant))
  if (slot === null) return
  try {
    await abortUpload(core, write, { uploadId: id, initiatedAt: null })
  } catch (error) {
    if (!isRefusal(error, 'upload-not-found')) throw error
  }
}

async function viewOf(
  core: CoreContext,
  grant: GrantRecord,
): Promise<Parameters<typeof revokeLink>[2]> {
  return { grant, state: describeLink(grant, await core.keyRing.current(), core.clock.now()) }
}
