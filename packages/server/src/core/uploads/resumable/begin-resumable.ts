/** Begins an upload that is sent from one end to the other, over as many requests as it takes. */
import type { ResumableTerms } from '../../../catalog/records.ts'
import type { CoreContext } from '../../context.ts'
import { refusal } from '../../errors.ts'
import { checkObjectSize } from '../../files/object-size.ts'
import { conditionsOf } from '../../files/write-file.ts'
import { formatPath } from '../../paths.ts'
import type { Permit } from '../../policy/permit.ts'
import { openUpload } from '../open-upload.ts'
import { findResumable } from './find-resumable.ts'
import type { ResumableUpload } from './find-resumable.ts'

export interface ResumableWish {
  /** `null`: its sender will say later. */
  readonly length: number | null
  readonly contentType: string | null
  /** What the sender says of it, as it came. */
  readonly announced: string
  readonly isPartial: boolean
  readonly overwrite: boolean
}

/**
 * What can be refused is refused before a byte has come. Throws `file-too-large`, `file-too-small`, `file-exists`, `quota-exceeded`,
 * `upload-claim-wrong`, and what opening an upload throws.
 */
export async function beginResumable(
  core: CoreContext,
  permit: Permit<'write'>,
  { length, contentType, announced, isPartial, overwrite }: ResumableWish,
): Promise<ResumableUpload> {
  requireNoDigest(permit)
  if (length !== null) checkObjectSize(isPartial ? { ...permit, minBytes: 0 } : permit, length)
  if (!isPartial) await requireFree(core, permit, overwrite)
  const resumable: ResumableTerms = {
    length,
    announced,
    kind: isPartial ? 'partial' : 'whole',
    of: [],
    overwrite,
  }
  const { id } = await openUpload(core, permit, {
    contentType,
    headers: {},
    metadata: {},
    tags: {},
    checksum: null,
    resumable,
  })
  return findResumable(core, permit, id)
}

/** What comes in pieces is never seen as a whole: nobody could compare it. */
export function requireNoDigest({ grant }: Permit): void {
  if (grant?.terms.sha256 === undefined) return
  const reason = 'The link is for one body alone, by its SHA-256: send it in one request.'
  throw refusal('upload-claim-wrong', { reason })
}

/** The transaction that makes the file asks again. */
export async function requireFree(
  core: CoreContext,
  permit: Permit<'write'>,
  overwrite: boolean,
): Promise<void> {
  const { ifAbsent } = conditionsOf(permit, { ifAbsent: keeps(permit, overwrite) })
  if (ifAbsent !== true || (await core.files.find(permit.path)) === null) return
  throw refusal('file-exists', { path: formatPath(permit.path) })
}

/** A link says itself whether it replaces anything. */
export function keeps({ grant }: Permit, overwrite: boolean): boolean {
  return grant === null && !overwrite
}
