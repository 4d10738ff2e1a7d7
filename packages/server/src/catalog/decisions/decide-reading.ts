/**
 * What belongs to one use of a download link. A use is over when the whole file arrived, in one answer or in several, one at a time.
 * What arrived is not given again; what broke off is, because nobody knows how much of it arrived, up to a number of bytes.
 */
import type { GrantRecord, Reading, ReadingAnswer } from '../records.ts'
import { addPiece, isWhole, overlaps } from './pieces.ts'
import type { Piece } from './pieces.ts'

/** Somebody asks for bytes of a file. */
export interface ReadingAsk {
  /** Of the grant. */
  readonly id: string
  /** Of the answer: the process that gives it, a dot, and what tells it from its others. */
  readonly answerId: string
  readonly admittedAtMs: number
  readonly clientIp: string
  /** Of the content: another content is not the rest of this one. */
  readonly etag: string
  readonly size: number
  readonly piece: Piece
  /** A use of which no answer began or ended after this is over. */
  readonly touchedAfterMs: number
  /** What a use may send, with all that is sent again. */
  readonly maxSentBytes: number
  /** The answer leaves in one go: from its beginning on nobody can say any more that its last byte did not arrive. */
  readonly isAtOnce: boolean
}

export type ReadingDecision =
  /** `uses`: how many it takes. */
  | { readonly outcome: 'begun'; readonly reading: Reading; readonly uses: 0 | 1 }
  /** Whoever asks is the one whose answer is under way still. */
  | { readonly outcome: 'under-way'; readonly reading: Reading; readonly answerId: string }
  | { readonly outcome: 'used-up' }

type Judged = Pick<GrantRecord, 'maxUses' | 'uses' | 'reading'>

export function decideReading(
  { maxUses, uses, reading }: Judged,
  ask: ReadingAsk,
): ReadingDecision {
  const hasMore = maxUses === null || uses < maxUses
  const standing = reading !== null && isOpen(reading, ask) ? reading : null
  if (standing !== null && standing.answer !== null) {
    if (hasMore) return beginAnew(reading, ask)
    return claim(standing, standing.answer)
  }
  const again = standing === null ? null : goOn(standing, ask)
  if (again !== null) return { outcome: 'begun', reading: again, uses: 0 }
  return hasMore ? beginAnew(reading, ask) : { outcome: 'used-up' }
}

/** True if whoever asks from that address may come back for what is left of the use. */
export function isOpen(
  { clientIp, answer, touchedAt }: Reading,
  asked: Pick<ReadingAsk, 'clientIp' | 'touchedAfterMs'>,
): boolean {
  return clientIp === asked.clientIp && (answer !== null || touchedAt > asked.touchedAfterMs)
}

/** One waits; a crowd that waits would only ask and ask. */
function claim(reading: Reading, answer: ReadingAnswer): ReadingDecision {
  if (answer.isClaimed) return { outcome: 'used-up' }
  const claimed = { ...answer, isClaimed: true }
  return { outcome: 'under-way', reading: { ...reading, answer: claimed }, answerId: answer.id }
}

/** How an answer ended. */
export interface ReadingEnd {
  readonly sentBytes: number
  /** True if all of it is known to have arrived. */
  readonly arrived: boolean
  /** Milliseconds. */
  readonly endedAt: number
}

/** What stays of the use; `null` if it is done. */
export function endReading(
  reading: Reading,
  { piece }: ReadingAnswer,
  { sentBytes, arrived, endedAt: touchedAt }: ReadingEnd,
): Reading | null {
  const ended = { ...reading, sent: reading.sent + sentBytes, touchedAt, answer: null }
  if (!arrived) return { ...ended, broken: [piece[0], piece[0] + sentBytes - 1] }
  const delivered = addPiece(reading.delivered, piece)
  return isWhole(delivered, reading.size) ? over(reading) : { ...ended, delivered, broken: null }
}

/** Nobody goes on with it; what it knows of lost answers stays. */
function over(reading: Reading): Reading | null {
  if (reading.lost === undefined) return null
  return { ...reading, touchedAt: 0, delivered: [], broken: null, answer: null }
}

/** As many as one link remembers: each took a process that stood still for long. */
const MOST_LOST = 16

/** The same for an answer whose process is gone: of one that may have sent its last byte nobody will ever know. */
export function abandonReading(
  { maxUses }: Pick<Judged, 'maxUses'>,
  { reading, answer }: { readonly reading: Reading; readonly answer: ReadingAnswer },
  endedAt: number,
): Reading | null {
  if (answer.isLast) return over(reading)
  const sentBytes = lengthOf(answer.piece)
  const broken = endReading(reading, answer, { sentBytes, arrived: false, endedAt })
  // Of a link for one use no answer ends without the record anyway.
  if (broken === null || maxUses === 1) return broken
  return { ...broken, lost: [...(reading.lost ?? []), answer.id].slice(-MOST_LOST) }
}

/**
 * Whether an answer that the record knows no more may end without it, as one does whose place another use took. Not if its process was
 * taken for lost: it stood still, its use was freed, and whoever waited reads on, or has read all of it.
 */
export function mayEndWithout(
  { maxUses, reading }: Pick<Judged, 'maxUses' | 'reading'>,
  answerId: string,
): boolean {
  return maxUses !== 1 && reading?.lost?.includes(answerId) !== true
}

function beginAnew(
  before: Reading | null,
  ask: ReadingAsk,
): Extract<ReadingDecision, { outcome: 'begun' }> {
  const { clientIp, etag, size, admittedAtMs: beganAt } = ask
  const answer = answerOf({ delivered: [], size }, ask)
  const fresh = { clientIp, etag, size, sent: 0, delivered: [], broken: null, answer }
  const known = before?.lost === undefined ? {} : { lost: before.lost }
  const reading = { ...fresh, ...known, beganAt, touchedAt: beganAt }
  return { outcome: 'begun', reading, uses: 1 }
}

function goOn(standing: Reading, ask: ReadingAsk): Reading | null {
  const { etag, size, piece, maxSentBytes, admittedAtMs: touchedAt } = ask
  if (standing.etag !== etag || standing.size !== size) return null
  if (standing.sent + lengthOf(piece) > maxSentBytes) return null
  const delivered = deliveredBefore(standing, piece)
  if (standing.broken === null && overlaps(delivered, piece)) return null
  return { ...standing, touchedAt, delivered, answer: answerOf({ delivered, size }, ask) }
}

/** Who goes on behind the beginning of what broke off has that beginning; who starts again has nothing. */
function deliveredBefore({ delivered, broken }: Reading, [start]: Piece): readonly Piece[] {
  if (broken === null) return delivered
  if (start === 0) return []
  const [from, to] = broken
  return from < start && start <= to + 1 ? addPiece(delivered, [from, start - 1]) : delivered
}

function answerOf(
  { delivered, size }: Pick<Reading, 'delivered' | 'size'>,
  { answerId: id, piece, isAtOnce }: ReadingAsk,
): ReadingAnswer {
  const isLast = isAtOnce && completes({ delivered, size }, piece)
  return { id, piece, isLast, isClaimed: false }
}

/** True if nothing is left once the piece has arrived. */
export function completes(
  { delivered, size }: Pick<Reading, 'delivered' | 'size'>,
  piece: Piece,
): boolean {
  return isWhole(addPiece(delivered, piece), size)
}

export function lengthOf([start, end]: Piece): number {
  return end - start + 1
}
