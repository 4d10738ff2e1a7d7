/** The last use of a download link: what it has brought, and which answer is under way. */
import { sql } from 'kysely'
import type { BegunReading, GrantCatalog, GrantStanding } from '../catalog.ts'
import {
  abandonReading,
  completes,
  decideReading,
  endReading,
  mayEndWithout,
} from '../decisions/decide-reading.ts'
import type { ReadingAsk, ReadingDecision } from '../decisions/decide-reading.ts'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import type { Reading, ReadingAnswer } from '../records.ts'
import { grants } from '../tables/grants.ts'
import { linkAsThing } from './link-as-thing.ts'
import type { GrantFiling } from './grant-filing.ts'
import { FILED } from './grant-statements.ts'
import type { Filed } from './grant-statements.ts'
import type { Script, SqlEngine, Statement, WriteOptions } from './script.ts'

type ReadingCatalog = Pick<
  GrantCatalog,
  'beginReading' | 'sendLast' | 'endReading' | 'denyClaim' | 'abandonReadings' | 'findStandings'
>

/** It changes a row where it stands. */
const URGENT: WriteOptions = { isUrgent: true }

function oneLink(id: string): WriteOptions {
  return { ...URGENT, touches: [linkAsThing(id)] }
}

const { reading: column } = grants.columns

export function createReadings(engine: SqlEngine, filing: GrantFiling): ReadingCatalog {
  const { write, read } = engine
  const at = prepareReadings(engine)

  /** Changes the reading while that answer is the one under way. */
  function change(
    id: string,
    answerId: string,
    changed: (held: Held) => Reading | null,
  ): Promise<void> {
    return write(function* () {
      const grant = yield* at.find.get({ id })
      const held = grant === undefined ? null : heldBy(grant, answerId)
      if (held !== null) yield* keep(at, held.grant, changed(held))
    }, oneLink(id))
  }

  return {
    beginReading: (ask) => write(() => begin(at, filing, ask), oneLink(ask.id)),
    sendLast: (id, answerId) => write(() => sendLast(at, id, answerId), oneLink(id)),
    endReading: (id, answerId, end) =>
      change(id, answerId, ({ reading, answer }) => endReading(reading, answer, end)),
    denyClaim: (id, answerId) =>
      change(id, answerId, ({ reading, answer }) => ({
        ...reading,
        answer: { ...answer, isClaimed: false },
      })),
    abandonReadings: (processId, nowMs) => write(() => abandon(at, processId, nowMs), URGENT),
    findStandings: (ids) =>
      read(function* () {
        const found: GrantStanding[] = []
        for (const id of ids) {
          const row = yield* at.standing.get({ id })
          if (row !== undefined) found.push({ ...row, reading: column.toValue(row.reading) })
        }
        return found
      }),
  }
}

function* begin(at: ReadingStatements, filing: GrantFiling, ask: ReadingAsk): Script<BegunReading> {
  const grant = yield* at.find.get({ id: ask.id })
  if (grant === undefined || grant.revokedAt !== null || grant.expiresAt <= ask.admittedAtMs) {
    return { outcome: 'used-up' }
  }
  const decision = decideReading({ ...grant, reading: column.toValue(grant.reading) }, ask)
  if (decision.outcome === 'used-up') return decision
  yield* keep(at, grant, decision.reading)
  if (decision.outcome === 'under-way') {
    return { outcome: decision.outcome, answerId: decision.answerId }
  }
  if (decision.uses > 0) {
    const { position, maxUses, uses } = grant
    yield* at.consume.run({ position, admittedAtMs: ask.admittedAtMs, clientIp: ask.clientIp })
    if (maxUses !== null && uses + 1 >= maxUses) yield* filing.move(grant, GRANT_STATE.usedUp)
  }
  return begunBy(decision, ask)
}

function begunBy(
  { reading }: Extract<ReadingDecision, { outcome: 'begun' }>,
  { piece }: ReadingAsk,
): BegunReading {
  const { beganAt, answer } = reading
  return { outcome: 'begun', beganAt, asksForLast: !answer?.isLast && completes(reading, piece) }
}

function* sendLast(at: ReadingStatements, id: string, answerId: string): Script<boolean> {
  const grant = yield* at.find.get({ id })
  if (grant === undefined || grant.revokedAt !== null) return false
  const held = heldBy(grant, answerId)
  if (held === null) {
    return mayEndWithout({ ...grant, reading: column.toValue(grant.reading) }, answerId)
  }
  yield* keep(at, grant, { ...held.reading, answer: { ...held.answer, isLast: true } })
  return true
}

function* abandon(at: ReadingStatements, processId: string | null, nowMs: number): Script<number> {
  const left = yield* at.held.all({ processId })
  for (const grant of left) {
    const held = heldBy(grant, null)
    if (held !== null) yield* keep(at, grant, abandonReading(grant, held, nowMs))
  }
  return left.length
}

function* keep(at: ReadingStatements, { position }: Read, reading: Reading | null): Script<void> {
  const answer = reading?.answer ?? null
  const holder = answer === null ? null : processOf(answer)
  yield* at.keep.run({ position, reading: column.toStored(reading), holder })
}

function processOf({ id }: ReadingAnswer): string {
  return id.slice(0, id.indexOf('.'))
}

interface Held {
  readonly grant: Read
  readonly reading: Reading
  readonly answer: ReadingAnswer
}

/** The answer under way, if it is that one; `null` for whichever it is. */
function heldBy(grant: Read, answerId: string | null): Held | null {
  const reading = column.toValue(grant.reading)
  const answer = reading?.answer ?? null
  if (reading === null || answer === null) return null
  return answerId === null || answer.id === answerId ? { grant, reading, answer } : null
}

interface Read extends Filed {
  reading: string | null
  uses: number
  maxUses: number | null
  expiresAt: number
  revokedAt: number | null
}

const READ = [
  ...FILED,
  'reading',
  'uses',
  'max_uses as maxUses',
  'expires_at as expiresAt',
  'revoked_at as revokedAt',
] as const

interface ReadingStatements {
  readonly find: Statement<{ id: string }, Read>
  readonly standing: Statement<
    { id: string },
    { id: string; revokedAt: number | null; pausedAt: number | null; reading: string | null }
  >
  readonly held: Statement<{ processId: string | null }, Read>
  readonly keep: Statement<
    { position: number; reading: string | null; holder: string | null },
    unknown
  >
  readonly consume: Statement<{ position: number; admittedAtMs: number; clientIp: string }, unknown>
}

function prepareReadings({ query, prepare }: SqlEngine): ReadingStatements {
  return {
    find: prepare((v: { id: string }) =>
      query.selectFrom('grants').select(READ).where('id', '=', v.id),
    ),
    standing: prepare((v: { id: string }) =>
      query
        .selectFrom('grants')
        .select(['id', 'revoked_at as revokedAt', 'paused_at as pausedAt', 'reading'])
        .where('id', '=', v.id),
    ),
    held: prepare((v: { processId: string | null }) =>
      query
        .selectFrom('grants')
        .select(READ)
        .where('holder', 'is not', null)
        .where(sql<boolean>`holder = coalesce(${v.processId}, holder)`),
    ),
    keep: prepare((v: { position: number; reading: string | null; holder: string | null }) =>
      query
        .updateTable('grants')
        .set({ reading: v.reading, holder: v.holder })
        .where('position', '=', v.position),
    ),
    consume: prepare((v: { position: number; admittedAtMs: number; clientIp: string }) =>
      query
        .updateTable('grants')
        .set((row) => ({
          uses: row('uses', '+', sql.lit(1)),
          last_used_at: v.admittedAtMs,
          last_used_ip: v.clientIp,
        }))
        .where('position', '=', v.position),
    ),
  }
}
