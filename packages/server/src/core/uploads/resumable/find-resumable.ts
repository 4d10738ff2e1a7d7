/** An upload that is sent from one end to the other: where it leads, and how far it is. */
import type {
  FinishedUploadRecord,
  PartRecord,
  ResumableTerms,
  UploadRecord,
} from '../../../catalog/records.ts'
import { timeOfId } from '../../../platform/ids.ts'
import type { CoreContext } from '../../context.ts'
import { MAX_UPLOAD_SECONDS } from '../../limits.ts'
import { MAX_PARTS } from '../../../platform/s3-limits.ts'
import type { ObjectPath } from '../../paths.ts'
import type { Permit } from '../../policy/permit.ts'
import { uploadNotFound } from '../find-upload.ts'
import { openerOf } from '../opener-of.ts'

/** What must be known of it before anybody can be asked whether they may. */
export interface ResumablePlace {
  readonly path: ObjectPath
  readonly begunAt: number
  /** What its sender said of it, as it came. */
  readonly announced: string
  readonly isFinished: boolean
}

export interface ResumableUpload {
  readonly id: string
  readonly terms: ResumableTerms
  /** `null` once it has become a file. */
  readonly slot: UploadRecord | null
  /** What it became. */
  readonly finished: FinishedUploadRecord | null
  readonly parts: readonly PartRecord[]
  /** How much has come, for certain. */
  readonly offset: number
  /** When it is given up unless it goes on; `null` once it has become a file. */
  readonly expiresAt: number | null
}

/** `null` if there is none. */
export async function findPlace(core: CoreContext, id: string): Promise<ResumablePlace | null> {
  const { uploads } = core.files
  // In this order: it ends in the transaction that finishes it.
  const slot = await uploads.find(id)
  const found = slot ?? (await uploads.findFinished(id))
  if (found === null || found.resumable === null) return null
  const { bucket, key } = found
  return {
    path: { bucket, key },
    begunAt: timeOfId(id, '') ?? core.clock.now(),
    announced: found.resumable.announced,
    isFinished: slot === null,
  }
}

/** Throws `upload-not-found`, also for one that somebody else's link has begun. */
export async function findResumable(
  core: CoreContext,
  permit: Permit<'write'>,
  id: string,
): Promise<ResumableUpload> {
  const { uploads } = core.files
  // In this order: it ends in the transaction that finishes it.
  const slot = await uploads.find(id)
  const finished = slot === null ? await uploads.findFinished(id) : null
  const { resumable: terms = null } = slot ?? finished ?? {}
  if (terms === null || !isIts(permit, slot ?? finished)) throw uploadNotFound(id)
  if (slot !== null && !mayGoOn(permit, slot)) throw uploadNotFound(id)
  const parts = slot === null ? [] : await uploads.listParts(id, 0, MAX_PARTS)
  const offset = slot === null ? (terms.length ?? 0) : bytesOf(parts)
  return { id, terms, slot, finished, parts, offset, expiresAt: endOf(permit, slot) }
}

export function bytesOf(parts: readonly Pick<PartRecord, 'size'>[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0)
}

function isIts({ path }: Permit, found: ObjectPath | null): boolean {
  return found?.bucket === path.bucket && found.key === path.key
}

/** Of those that came by a link, its bearers have nothing to do with one another's, nor with those of keys. */
function mayGoOn(permit: Permit, { createdBy }: UploadRecord): boolean {
  return permit.grant === null || openerOf(permit) === createdBy
}

/** What a link let begin has to be through in time, however it goes on. */
function endOf({ grant }: Permit, slot: UploadRecord | null): number | null {
  if (slot === null) return null
  const latest = slot.createdAt + MAX_UPLOAD_SECONDS * 1000
  return grant === null ? slot.expiresAt : Math.min(slot.expiresAt, latest)
}
