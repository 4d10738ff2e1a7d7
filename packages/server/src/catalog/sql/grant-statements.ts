/** Every statement about grants and the index of what lists of them ask. */
import { sql } from 'kysely'
import type { ExpressionBuilder, RawBuilder } from 'kysely'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import { grants } from '../tables/grants.ts'
import type { StoredGrant, Tables } from './schema.ts'
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
}

export interface Use extends Id {
  admittedAtMs: number
  clientIp: string
}

export interface Asked {
  scope: number
  state: number
  before: number
  from: string
  end: string
  createdBy: string | null
  expiresAfter: number
  limit: number
}

export type FoundGrant = StoredGrant & { position: number }

export interface GrantStatements {
  readonly find: Statement<Id, StoredGrant>
  readonly filed: Statement<Id, Filed>
  readonly insert: Statement<StoredGrant & { state: number }, { position: number }>
  readonly index: Statement<{ scope: number; state: number; position: number }, unknown>
  /** Moves one grant from state to state within a scope. */
  readonly refile: Statement<{ scope: number; from: number; to: number; position: number }, unknown>
  readonly setState: Statement<{ position: number; state: number }, unknown>
  readonly revoke: Statement<Id & { nowMs: number; revokedBy: string; state: number }, unknown>
  readonly use: Statement<Use, Filed & { uses: number; max_uses: number | null }>
  readonly resumeUse: Statement<Use & { beganAfterMs: number }, unknown>
  readonly endUse: Statement<Id & { usedAtMs: number; ending: string }, unknown>
  readonly count: Statement<Tally, unknown>
  readonly list: Statement<Asked, FoundGrant>
  /** Those whose time has run out and that are still filed as open. */
  readonly listStale: Statement<Asked & { nowMs: number }, FoundGrant>
  readonly stale: Statement<{ nowMs: number; limit: number }, Filed>
  readonly creatorsAt: Statement<Ended, { created_by: string }>
  /** Files those that a path loses as revoked, in one scope. */
  readonly refileAt: Statement<Ended & { scope: number }, unknown>
  readonly revokeAt: Statement<Ended & { nowMs: number; revokedBy: string }, unknown>
}

export interface Tally extends Id {
  uses: number
  bytes: number
  lastUsedAt: number
  lastUsedIp: string
}

/** The open grants on a path, of one method or (`''`) of any. */
export interface Ended {
  path: string
  method: string
}

const OPEN = sql.lit(GRANT_STATE.open)
const REVOKED = sql.lit(GRANT_STATE.revoked)
const UNDER_WAY = sql.lit('under-way')

export function prepareGrantStatements({ query, prepare }: SqlEngine): GrantStatements {
  const filed = ['position', 'path', 'created_by', 'state'] as const
  const open = query.selectFrom('grants').where('state', '=', OPEN)
  const all = query.selectFrom('grants').select(grants.selection)
  const endedAt = (v: Ended) =>
    open.where('path', '=', v.path).where((row) => isOfMethod(row, v.method))
  return {
    find: prepare((v: Id) => all.where('id', '=', v.id)),
    filed: prepare((v: Id) => query.selectFrom('grants').select(filed).where('id', '=', v.id)),
    insert: prepare((v: StoredGrant & { state: number }) =>
      query
        .insertInto('grants')
        .values({ ...grants.every(v), state: v.state })
        .returning('position'),
    ),
    index: prepare((v: { scope: number; state: number; position: number }) =>
      query
        .insertInto('grant_index')
        .values({ scope: v.scope, state: v.state, position: v.position }),
    ),
    refile: prepare((v: { scope: number; from: number; to: number; position: number }) =>
      query
        .updateTable('grant_index')
        .set({ state: v.to })
        .where('scope', '=', v.scope)
        .where('state', '=', v.from)
        .where('position', '=', v.position),
    ),
    setState: prepare((v: { position: number; state: number }) =>
      query.updateTable('grants').set({ state: v.state }).where('position', '=', v.position),
    ),
    revoke: prepare((v: Id & { nowMs: number; revokedBy: string; state: number }) =>
      query
        .updateTable('grants')
        .set({ revoked_at: v.nowMs, revoked_by: v.revokedBy, state: v.state })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
    use: prepare((v: Use) =>
      query
        .updateTable('grants')
        .set((row) => ({
          uses: row('uses', '+', sql.lit(1)),
          last_used_at: v.admittedAtMs,
          last_used_ip: v.clientIp,
          last_use: UNDER_WAY,
        }))
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', v.admittedAtMs)
        .where((row) =>
          row.or([row('max_uses', 'is', null), row('uses', '<', row.ref('max_uses'))]),
        )
        .returning([...filed, 'uses', 'max_uses']),
    ),
    resumeUse: prepare((v: Use & { beganAfterMs: number }) =>
      query
        .updateTable('grants')
        .set({ last_use: UNDER_WAY })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', v.admittedAtMs)
        .where('last_use', '=', sql.lit('broken'))
        .where('last_used_at', '>', v.beganAfterMs)
        .where('last_used_ip', '=', v.clientIp),
    ),
    endUse: prepare((v: Id & { usedAtMs: number; ending: string }) =>
      query
        .updateTable('grants')
        .set({ last_use: v.ending })
        .where('id', '=', v.id)
        .where('last_used_at', '=', v.usedAtMs)
        .where('last_use', '<>', sql.lit('done')),
    ),
    count: prepare((v: Tally) =>
      query
        .updateTable('grants')
        .set((row) => ({
          uses: row('uses', '+', v.uses),
          bytes: row('bytes', '+', v.bytes),
          // What is counted late must not say of a later use that it began before.
          last_used_at: ifLater(
            v.lastUsedAt,
            sql<number>`${v.lastUsedAt}`,
            sql.ref('last_used_at'),
          ),
          last_used_ip: ifLater(
            v.lastUsedAt,
            sql<string>`${v.lastUsedIp}`,
            sql.ref('last_used_ip'),
          ),
        }))
        .where('id', '=', v.id),
    ),
    list: prepare((v: Asked) =>
      query
        .selectFrom('grant_index')
        .innerJoin('grants', 'grants.position', 'grant_index.position')
        .select(grants.selection)
        .select('grants.position')
        .where('grant_index.scope', '=', v.scope)
        .where('grant_index.state', '=', v.state)
        .where('grant_index.position', '<', v.before)
        .where((row) => isAsked(row, v))
        .where('grants.expires_at', '>', v.expiresAfter)
        .orderBy('grant_index.position', 'desc')
        .limit(v.limit),
    ),
    listStale: prepare((v: Asked & { nowMs: number }) =>
      open
        .select(grants.selection)
        .select('grants.position')
        .where('expires_at', '<=', v.nowMs)
        .where('position', '<', v.before)
        .where((row) => isAsked(row, v))
        // Not the bare column: that would be read from its newest row on, past all that are not stale.
        .orderBy(sql`position + 0`, 'desc')
        .limit(v.limit),
    ),
    stale: prepare((v: { nowMs: number; limit: number }) =>
      open.select(filed).where('expires_at', '<=', v.nowMs).orderBy('expires_at').limit(v.limit),
    ),
    creatorsAt: prepare((v: Ended) => endedAt(v).select('created_by').distinct()),
    refileAt: prepare((v: Ended & { scope: number }) =>
      query
        .updateTable('grant_index')
        .set({ state: REVOKED })
        .where('scope', '=', v.scope)
        .where('state', '=', OPEN)
        .where('position', 'in', endedAt(v).select('position')),
    ),
    revokeAt: prepare((v: Ended & { nowMs: number; revokedBy: string }) =>
      query
        .updateTable('grants')
        .set({ revoked_at: v.nowMs, revoked_by: v.revokedBy, state: REVOKED })
        .where('state', '=', OPEN)
        .where('path', '=', v.path)
        .where((row) => isOfMethod(row, v.method)),
    ),
  }
}

function ifLater<Value>(
  usedAt: number,
  given: RawBuilder<Value>,
  standing: RawBuilder<unknown>,
): RawBuilder<Value> {
  return sql<Value>`case when ${usedAt} > coalesce(${sql.ref('last_used_at')}, -1) then ${given} else ${standing} end`
}

type GrantExpression = ExpressionBuilder<Tables, 'grants'>

function isOfMethod(row: GrantExpression, method: string) {
  return row.or([row('method', '=', method), row(row.val(method), '=', sql.lit(''))])
}

/** The question itself, compared with the row: an index entry only says where to look. */
function isAsked(row: GrantExpression, v: Asked) {
  // Not the bare column: the index by path holds all that is open, which may be a million.
  const path = sql<string>`${sql.ref('grants.path')} || ''`
  return row.and([
    row(path, '>=', v.from),
    row(path, '<', v.end),
    row('grants.created_by', '=', row.fn.coalesce(row.val(v.createdBy), 'grants.created_by')),
  ])
}
