/** The last use of a download link: what it has brought, and which answer is under way. */
import { sql } from 'kysely'
import type { BegunReading, GrantCatalog } from '../catalog.ts'
import {
  abandonReading,
  completes,
  decideReading,
  endReading,
} from '../decisions/decide-reading.ts'
import type { ReadingAsk, ReadingDecision } from '../decisions/decide-reading.ts'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import type { Reading, ReadingAnswer } from '../records.ts'
import { grants } from '../tables/grants.ts'
import type { GrantFiling } from './grant-filing.ts'
import { FILED } from './grant-statements.ts'
import type { Filed } from './grant-statements.ts'
import type { Script, SqlEngine, Statement, WriteOptions } from './script.ts'

type ReadingCatalog = Pick<
  GrantCatalog,
  'beginReading' | 'sendLast' | 'endReading' | 'denyClaim' | 'abandonReadings'
>

/** It changes a row where it stands. */
const URGENT: WriteOptions = { isUrgent: true }

const { reading: column } = grants.columns

export function createReadings(engine: SqlEngine, filing: GrantFiling): ReadingCatalog {
  const { write } = engine
  const at = prepareReadings(engine)

  function* keep(grant: Read, reading: Reading | null): Script<void> {
    const holder = reading?.answer == null ? null : processOf(reading.answer)
    yield* at.keep.run({ position: grant.position, reading: column.toStored(reading), holder })
  }

  /** The answer, while it is the one under way. */
  function* find(id: string, answerId: string): Script<Held | null> {
    const grant = yield* at.find.get({ id })
    return grant === undefined ? null : heldBy(grant, (answer) => answer.id === answerId)
  }

  function* begin(ask: ReadingAsk): Script<BegunReading> {
    const grant = yield* at.find.get({ id: ask.id })
    if (grant === undefined || grant.revokedAt !== null || grant.expiresAt <= ask.admittedAtMs) {
      return { outcome: 'used-up' }
    }
    const decision = decideReading({ ...grant, reading: column.toValue(grant.reading) }, ask)
    if (decision.outcome === 'used-up') return decision
    yield* keep(grant, decision.reading)
    if (decision.outcome === 'under-way') {
      return { outcome: decision.outcome, answerId: decision.answerId }
    }
    yield* consume(grant, decision, ask)
    const { beganAt, answer } = decision.reading
    const asksForLast = answer?.isLast !== true && completes(decision.reading, ask.piece)
    return { outcome: 'begun', beganAt, asksForLast }
  }

  function* consume(
    grant: Read,
    { uses }: Extract<ReadingDecision, { outcome: 'begun' }>,
    { admittedAtMs, clientIp }: ReadingAsk,
  ): Script<void> {
    if (uses === 0) return
    yield* at.consume.run({ position: grant.position, admittedAtMs, clientIp })
    const isLast = grant.maxUses !== null && grant.uses + uses >= grant.maxUses
    if (isLast) yield* filing.move(grant, GRANT_STATE.usedUp)
  }

  return {
    beginReading: (ask) => write(() => begin(ask), URGENT),
    sendLast: (id, answerId) =>
      write(function* () {
        const grant = yield* at.find.get({ id })
        if (grant === undefined || grant.revokedAt !== null) return false
        const held = heldBy(grant, (answer) => answer.id === answerId)
        // A later use has the record for itself; this one goes on without.
        if (held === null) return true
        yield* keep(grant, { ...held.reading, answer: { ...held.answer, isLast: true } })
        return true
      }, URGENT),
    endReading: (id, answerId, end) =>
      write(function* () {
        const held = yield* find(id, answerId)
        if (held !== null) yield* keep(held.grant, endReading(held.reading, held.answer, end))
      }, URGENT),
    denyClaim: (id, answerId) =>
      write(function* () {
        const held = yield* find(id, answerId)
        if (held === null) return
        const answer = { ...held.answer, isClaimed: false }
        yield* keep(held.grant, { ...held.reading, answer })
      }, URGENT),
    abandonReadings: (processId) =>
      write(function* () {
        const left = yield* at.held.all({ processId })
        for (const grant of left) {
          const held = heldBy(grant, () => true)
          if (held !== null) yield* keep(grant, abandonReading(held.reading, held.answer))
        }
        return left.length
      }, URGENT),
  }
}

interface Held {
  readonly grant: Read
  readonly reading: Reading
  readonly answer: ReadingAnswer
}

function heldBy(grant: Read, isIt: (answer: ReadingAnswer) => boolean): Held | null {
  const reading = column.toValue(grant.reading)
  const answer = reading?.answer ?? null
  return reading !== null && answer !== null && isIt(answer) ? { grant, reading, answer } : null
}

function processOf({ id }: ReadingAnswer): string {
  return id.slice(0, id.indexOf('.'))
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
