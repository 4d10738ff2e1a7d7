/** Browsers that are signed in. No right is stored here, so that the epoch stays as it is. */
import type { SessionCatalog, SessionRecord } from '../session-steps.ts'
import { sessions } from '../tables/sessions.ts'
import type { EventScripts } from './events.ts'
import type { StoredSession } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

export function createSessionCatalog(engine: SqlEngine, trail: EventScripts): SessionCatalog {
  const { read, write } = engine
  const at = prepareSessions(engine)
  return {
    begin: (session, by, mostOfKey) =>
      write(
        function* () {
          const count = yield* at.insert.run(sessions.toStored(session))
          if (count === 0) return 'taken' as const
          yield* trail.record(by, { kind: 'session.begun', detail: detailOf(session) })
          const { keyId } = session
          const ended = keyId === null ? 0 : yield* at.endOldest.run({ keyId, most: mostOfKey })
          if (ended > 0) {
            const detail = { sessions: ended, reason: `${mostOfKey} of a key at a time` }
            yield* trail.record(by, { kind: 'session.ended', detail })
          }
          return 'begun' as const
        },
        // Two of one key at once would each end the same oldest one.
        { touches: session.keyId === null ? [] : [`sessions of ${session.keyId}`] },
      ),
    find: (id) =>
      read(function* () {
        const row = yield* at.find.get({ id })
        return row === undefined ? null : sessions.toRecord(row)
      }),
    end: (id, nowMs, by) =>
      write(
        function* () {
          const count = yield* at.end.run({ id, nowMs })
          if (count > 0) yield* trail.record(by, { kind: 'session.ended' })
          return count > 0
        },
        { touches: [], isUrgent: true },
      ),
    forget: (beforeMs, limit) =>
      write(
        function* () {
          return yield* at.forget.run({ beforeMs, limit })
        },
        { touches: [] },
      ),
  }
}

function detailOf({ person, expiresAt }: SessionRecord): Readonly<Record<string, unknown>> {
  return person === null
    ? { expiresAt }
    : { name: person.name, groups: person.groups, issuer: person.issuer, expiresAt }
}

interface SessionStatements {
  readonly insert: Statement<StoredSession, unknown>
  readonly find: Statement<{ id: string }, StoredSession>
  readonly end: Statement<{ id: string; nowMs: number }, unknown>
  readonly endOldest: Statement<{ keyId: string; most: number }, unknown>
  readonly forget: Statement<{ beforeMs: number; limit: number }, unknown>
}

function prepareSessions({ query, prepare }: SqlEngine): SessionStatements {
  return {
    insert: prepare((v: StoredSession) =>
      query
        .insertInto('sessions')
        .values(sessions.every(v))
        .onConflict((conflict) => conflict.column('sign_in_id').doNothing()),
    ),
    find: prepare((v: { id: string }) =>
      query.selectFrom('sessions').select(sessions.selection).where('id', '=', v.id),
    ),
    end: prepare((v: { id: string; nowMs: number }) =>
      query
        .updateTable('sessions')
        .set({ ended_at: v.nowMs })
        .where('id', '=', v.id)
        .where('ended_at', 'is', null),
    ),
    // Nothing has to be remembered of them: what came with a key comes back with the key alone.
    endOldest: prepare((v: { keyId: string; most: number }) =>
      query
        .deleteFrom('sessions')
        .where('key_id', '=', v.keyId)
        .where('ended_at', 'is', null)
        .where('id', 'not in', (newest) =>
          newest
            .selectFrom('sessions')
            .select('id')
            .where('key_id', '=', v.keyId)
            .where('ended_at', 'is', null)
            .orderBy('created_at', 'desc')
            .orderBy('id', 'desc')
            .limit(v.most),
        ),
    ),
    forget: prepare((v: { beforeMs: number; limit: number }) =>
      query
        .deleteFrom('sessions')
        .where('id', 'in', (those) =>
          those
            .selectFrom('sessions')
            .select('id')
            .where('expires_at', '<', v.beforeMs)
            .orderBy('expires_at')
            .limit(v.limit),
        ),
    ),
  }
}
