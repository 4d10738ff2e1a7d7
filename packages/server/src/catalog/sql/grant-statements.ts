/** Every statement about the rows of grants; what files and lists them has files of its own. */
import { sql } from 'kysely'
import type { RawBuilder } from 'kysely'
import type { GrantTally } from '../catalog.ts'
import type { GrantUse } from '../file-steps.ts'
import { grants } from '../tables/grants.ts'
import type { StoredGrant } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Id {
  id: string
}

/** What tells where a grant is filed. */
export interface Filed {
  position: number
  path: string
  created_by: string
  state: number
  /** Not null of a page for people. */
  share: string | null
}

export const FILED = ['position', 'path', 'created_by', 'state', 'share'] as const

export interface Uses {
  uses: number
  max_uses: number | null
}

type Using = Pick<GrantUse, 'id' | 'admittedAtMs' | 'clientIp'>

export interface GrantStatements {
  readonly find: Statement<Id, StoredGrant>
  readonly filed: Statement<Id, Filed>
  readonly insert: Statement<StoredGrant & { state: number }, { position: number }>
  readonly rebind: Statement<StoredGrant, Filed & Uses>
  readonly pause: Statement<Id & { nowMs: number }, unknown>
  readonly resume: Statement<Id, unknown>
  readonly revoke: Statement<Id & { nowMs: number; revokedBy: string; state: number }, unknown>
  readonly use: Statement<Using, Filed & Uses>
  readonly giveBack: Statement<Id, Filed>
  readonly ownContent: Statement<Id, { own: string | null }>
  readonly rememberOwn: Statement<Id & { contentId: string }, unknown>
  readonly count: Statement<GrantTally, unknown>
}

export function prepareGrantStatements(engine: SqlEngine): GrantStatements {
  const { query, prepare } = engine
  return {
    find: prepare((v: Id) =>
      query.selectFrom('grants').select(grants.selection).where('id', '=', v.id),
    ),
    filed: prepare((v: Id) => query.selectFrom('grants').select(FILED).where('id', '=', v.id)),
    insert: prepare((v: StoredGrant & { state: number }) =>
      query
        .insertInto('grants')
        .values({ ...grants.every(v), state: v.state })
        .returning('position'),
    ),
    rebind: prepare((v: StoredGrant) =>
      query
        .updateTable('grants')
        .set({
          expires_at: v.expiresAt,
          max_uses: v.maxUses,
          terms: v.terms,
          own_content_id: v.ownContentId,
          share: v.share,
        })
        .where('id', '=', v.id)
        .returning([...FILED, 'uses', 'max_uses']),
    ),
    ...prepareEnds(engine),
    ownContent: prepare((v: Id) =>
      query.selectFrom('grants').select('own_content_id as own').where('id', '=', v.id),
    ),
    rememberOwn: prepare((v: Id & { contentId: string }) =>
      query
        .updateTable('grants')
        .set({ own_content_id: v.contentId })
        .where('id', '=', v.id)
        .where('own_content_id', 'is not', null),
    ),
    ...prepareUses(engine),
  }
}

/** What lets nobody use a grant, and what lets them again. */
function prepareEnds({
  query,
  prepare,
}: SqlEngine): Pick<GrantStatements, 'revoke' | 'pause' | 'resume'> {
  return {
    revoke: prepare((v: Id & { nowMs: number; revokedBy: string; state: number }) =>
      query
        .updateTable('grants')
        .set({ revoked_at: v.nowMs, revoked_by: v.revokedBy, state: v.state })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
    pause: prepare((v: Id & { nowMs: number }) =>
      query
        .updateTable('grants')
        .set({ paused_at: v.nowMs })
        .where('id', '=', v.id)
        .where('paused_at', 'is', null)
        .where('revoked_at', 'is', null),
    ),
    resume: prepare((v: Id) =>
      query
        .updateTable('grants')
        .set({ paused_at: sql.lit(null) })
        .where('id', '=', v.id)
        .where('paused_at', 'is not', null),
    ),
  }
}

function prepareUses({
  query,
  prepare,
}: SqlEngine): Pick<GrantStatements, 'use' | 'giveBack' | 'count'> {
  return {
    giveBack: prepare((v: Id) =>
      query
        .updateTable('grants')
        .set((row) => ({ uses: row('uses', '-', sql.lit(1)) }))
        .where('id', '=', v.id)
        .where('uses', '>', sql.lit(0))
        .returning(FILED),
    ),
    use: prepare((v: Using) =>
      query
        .updateTable('grants')
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', v.admittedAtMs)
        .set((row) => ({
          uses: row('uses', '+', sql.lit(1)),
          last_used_at: v.admittedAtMs,
          last_used_ip: v.clientIp,
        }))
        .where((row) =>
          row.or([row('max_uses', 'is', null), row('uses', '<', row.ref('max_uses'))]),
        )
        .returning([...FILED, 'uses', 'max_uses']),
    ),
    count: prepare((v: GrantTally) =>
      query
        .updateTable('grants')
        .set((row) => ({
          uses: row('uses', '+', v.uses),
          bytes: row('bytes', '+', v.bytes),
          last_used_at: ifLater(v, sql<number>`${v.lastUsedAt}`, 'last_used_at'),
          last_used_ip: ifLater(v, sql<string>`${v.lastUsedIp}`, 'last_used_ip'),
        }))
        .where('id', '=', v.id),
    ),
  }
}

/** What is counted late must not say of a later use that it began before. */
function ifLater<Value>(
  { lastUsedAt }: GrantTally,
  given: RawBuilder<Value>,
  column: 'last_used_at' | 'last_used_ip',
): RawBuilder<Value> {
  const standing = sql.ref(column)
  return sql<Value>`case when ${lastUsedAt} > coalesce(${sql.ref('last_used_at')}, -1) then ${given} else ${standing} end`
}
