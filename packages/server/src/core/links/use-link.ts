/**
 * Counts what is done with a link. Where it has a number of uses, one conditional update consumes one; all others are counted in
 * memory. HEAD, 304 and 416 never come here.
 */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { GrantUse } from '../../catalog/file-steps.ts'
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { RESUME_WINDOW_MS } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'
import { isUseOpen } from './use-window.ts'

/** An answer under way on a link that has a record. */
export interface LinkUse {
  readonly linkId: string
  readonly clientIp: string
  /** When the use began, of a link whose uses are numbered; `null` for all others. */
  readonly usedAtMs: number | null
  /** 0 for what belongs to a use that was counted already. */
  readonly uses: 0 | 1
  readonly length: number
  readonly reachesEnd: boolean
}

interface Answer {
  readonly size: number
  readonly range: ByteRange | null
}

/**
 * Consumes a use, if the link counts them; `null` without a record. An answer that belongs to a use which has not delivered a
 * whole file yet takes no other: a later part at any time, a start from the beginning once the one before broke off.
 * Throws `link-used`, `link-revoked`.
 */
export async function beginUse(
  core: CoreContext,
  { grant, caller, admittedAt }: Permit<'read'>,
  { size, range }: Answer,
): Promise<LinkUse | null> {
  if (grant === null) return null
  const { clientIp } = caller
  const isLaterPart = range !== null && range.start > 0
  const answer = {
    linkId: grant.id,
    clientIp,
    length: range === null ? size : range.end - range.start + 1,
    reachesEnd: range === null || range.end === size - 1,
  }
  if (grant.maxUses === null) return { ...answer, usedAtMs: null, uses: isLaterPart ? 0 : 1 }
  const use = { id: grant.id, admittedAtMs: admittedAt, clientIp }
  const ongoing = await findOngoing(core, grant, { use, isLaterPart })
  if (ongoing !== null) return { ...answer, usedAtMs: ongoing, uses: 0 }
  if (await core.catalog.grants.use(use)) return { ...answer, usedAtMs: admittedAt, uses: 0 }
  throw await whyUnusable(core, grant.id)
}

/**
 * To be called once the answer has ended, with the bytes that were handed over. Never rejects: what cannot be
 * written is logged, and the use stays as it was.
 */
export async function finishUse(core: CoreContext, use: LinkUse, sentBytes: number): Promise<void> {
  const { linkId, clientIp, usedAtMs, uses } = use
  const lastUsedAt = usedAtMs ?? core.clock.now()
  core.uses.add({ id: linkId, uses, bytes: sentBytes, lastUsedAt, lastUsedIp: clientIp })
  if (usedAtMs === null) return
  const isDone = use.reachesEnd && sentBytes >= use.length
  try {
    await core.catalog.grants.endUse(linkId, usedAtMs, isDone ? 'done' : 'broken')
  } catch (error) {
    core.log.warn({ err: error, link: linkId }, 'the end of a use could not be written')
  }
}

/** Why a use was refused in the transaction that would have consumed it. */
export async function whyUnusable(core: CoreContext, linkId: string): Promise<Error> {
  const grant = await core.catalog.grants.find(linkId)
  if (grant === null || grant.revokedAt !== null) return refusal('link-revoked', {})
  return refusal('link-used', {})
}

/** When the use began that this answer belongs to; `null` if it needs one of its own. */
async function findOngoing(
  core: CoreContext,
  grant: GrantRecord,
  { use, isLaterPart }: { readonly use: GrantUse; readonly isLaterPart: boolean },
): Promise<number | null> {
  const nowMs = core.clock.now()
  if (!isUseOpen(grant, use.clientIp, nowMs)) return null
  if (isLaterPart) return grant.lastUsedAt
  if (grant.lastUse !== 'broken') return null
  const isTaken = await core.catalog.grants.resumeUse(use, nowMs - RESUME_WINDOW_MS)
  return isTaken ? grant.lastUsedAt : null
}
