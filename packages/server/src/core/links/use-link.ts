/**
 * Counts what is done with a link. Where it has a number of uses, the catalog says to which an answer belongs (decide-reading.ts); all
 * others are counted in memory. HEAD, 304 and 416 never come here.
 */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { BegunReading } from '../../catalog/catalog.ts'
import type { ReadingAsk, ReadingEnd } from '../../catalog/decisions/decide-reading.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { AT_ONCE_BYTES, MAX_SENDINGS, RESUME_WINDOW_MS } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'
import type { LinkAnswer } from './link-answers.ts'
import { waitForAnswer } from './wait-for-answer.ts'

/** An answer on a link that has a record. */
export interface LinkUse {
  readonly linkId: string
  readonly clientIp: string
  /** 0 for what belongs to a use that was counted already, or is counted with the record. */
  readonly uses: 0 | 1
  /** Of a link whose uses are numbered; `null` for all others. */
  readonly numbered: NumberedUse | null
}

export interface NumberedUse {
  readonly answer: LinkAnswer
  readonly beganAt: number
  /** The last byte of the file may be the last of this answer: `sendLast` says so before it leaves. */
  readonly asksForLast: boolean
}

interface Asked {
  readonly file: Pick<FileRecord, 'size' | 'etag'>
  /** `null` for all of it. */
  readonly range: ByteRange | null
}

/**
 * Consumes a use, if the link counts them and the answer is no part of one; `null` without a record. While an answer of the same
 * use is under way it waits for its end, and gives up once that one moves. Rejects with `link-used`, `link-revoked`. There is something to
 * wait for only where uses are numbered.
 */
export function beginUse(
  core: CoreContext,
  permit: Permit<'read'>,
  asked: Asked,
): LinkUse | null | Promise<LinkUse> {
  const { grant, caller } = permit
  if (grant === null) return null
  const { id: linkId, maxUses } = grant
  const { clientIp } = caller
  if (maxUses !== null) {
    const beginning = beginNumbered(core, permit, { ...asked, linkId })
    return beginning.then((numbered) => ({ linkId, clientIp, uses: 0, numbered }))
  }
  const isLaterPart = asked.range !== null && asked.range.start > 0
  return { linkId, clientIp, uses: isLaterPart ? 0 : 1, numbered: null }
}

interface AskedByLink extends Asked {
  readonly linkId: string
}

async function beginNumbered(
  core: CoreContext,
  permit: Permit<'read'>,
  asked: AskedByLink,
): Promise<NumberedUse> {
  const answer = core.answers.begin(permit)
  try {
    const { beganAt, asksForLast } = await beginReading(core, askFor(core, permit, answer, asked))
    return { answer, beganAt, asksForLast }
  } catch (error) {
    answer.end()
    throw error
  }
}

async function beginReading(
  core: CoreContext,
  ask: ReadingAsk,
): Promise<Extract<BegunReading, { outcome: 'begun' }>> {
  for (;;) {
    const begun = await core.catalog.grants.beginReading(ask)
    if (begun.outcome === 'begun') return begun
    if (begun.outcome === 'used-up') throw await whyUnusable(core, ask.id)
    if (!(await waitForAnswer(core, ask.id, begun.answerId))) throw refusal('link-used', {})
  }
}

function askFor(
  { clock }: CoreContext,
  { caller, admittedAt }: Permit<'read'>,
  answer: LinkAnswer,
  { linkId, file, range }: AskedByLink,
): ReadingAsk {
  const { start, end } = range ?? { start: 0, end: file.size - 1 }
  return {
    id: linkId,
    answerId: answer.id,
    admittedAtMs: admittedAt,
    clientIp: caller.clientIp,
    etag: file.etag,
    size: file.size,
    piece: [start, end],
    touchedAfterMs: clock.now() - RESUME_WINDOW_MS,
    maxSentBytes: MAX_SENDINGS * file.size,
    isAtOnce: end - start < AT_ONCE_BYTES,
  }
}

/**
 * To be called before the last byte of the answer leaves, which must stay behind if this rejects: a crash between the last byte and the
 * record of it must not give the file twice. `null` where nothing has to be recorded. Rejects with `link-revoked`.
 */
export function sendLast(core: CoreContext, { linkId, numbered }: LinkUse): Promise<void> | null {
  return numbered?.asksForLast === true ? recordLast(core, linkId, numbered.answer.id) : null
}

async function recordLast({ catalog }: CoreContext, linkId: string, id: string): Promise<void> {
  if (!(await catalog.grants.sendLast(linkId, id))) throw refusal('link-revoked', {})
}

/** How an answer ended. */
export type UseEnd = Pick<ReadingEnd, 'sentBytes' | 'arrived'>

/**
 * To be called once the answer has ended, however it did. Never rejects: what cannot be written is logged, and the use stays as it
 * was.
 */
export async function finishUse(core: CoreContext, use: LinkUse, end: UseEnd): Promise<void> {
  const { linkId, clientIp, numbered, uses } = use
  const endedAt = core.clock.now()
  const lastUsedAt = numbered?.beganAt ?? endedAt
  core.uses.add({ id: linkId, uses, bytes: end.sentBytes, lastUsedAt, lastUsedIp: clientIp })
  if (numbered === null) return
  numbered.answer.end()
  try {
    await core.catalog.grants.endReading(linkId, numbered.answer.id, { ...end, endedAt })
  } catch (error) {
    core.log.warn({ err: error, link: linkId }, 'the end of a use could not be written')
  }
}

/** Of a whole file that is fetched elsewhere: the use is over with the click. Rejects with `link-revoked`. */
export async function spendUse(core: CoreContext, use: LinkUse, bytes: number): Promise<void> {
  await sendLast(core, use)
  await finishUse(core, use, { sentBytes: bytes, arrived: true })
}

/** Why a use was refused in the transaction that would have consumed it. */
export async function whyUnusable(core: CoreContext, linkId: string): Promise<Error> {
  const grant = await core.catalog.grants.find(linkId)
  if (grant === null || grant.revokedAt !== null) return refusal('link-revoked', {})
  return refusal('link-used', {})
}
