/** Lists grants by any question, newest first: a page reads the index of that question, and no more of it than it shows. */
import { sql } from 'kysely'
import type { Expression, SqlBool } from 'kysely'
import type { GrantStatus, ListGrantsQuery } from '../catalog.ts'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import type { GrantState } from '../decisions/grant-state.ts'
import { justAfter, prefixEnd } from '../key-order.ts'
import type { GrantRecord } from '../records.ts'
import { grants } from '../tables/grants.ts'
import { grantScope } from './grant-scopes.ts'
import type { StoredGrant } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export type ListGrants = (query: ListGrantsQuery) => Script<readonly GrantRecord[]>

interface Asked {
  scope: number
  state: number
  before: number
  from: string
  end: string
  createdBy: string | null
  isShare: number
  expiresAfter: number
  limit: number
}

type FoundGrant = StoredGrant & { position: number }

/** Bucket names are ASCII, so every path comes before it. */
const AFTER_EVERY_PATH = '\u{10ffff}'
const ANY_TIME = -1

const STATES: Readonly<Record<GrantStatus, readonly GrantState[]>> = {
  active: [GRANT_STATE.open],
  expired: [GRANT_STATE.expired],
  'used-up': [GRANT_STATE.usedUp],
  revoked: [GRANT_STATE.revoked],
}

export function createGrantLists(engine: SqlEngine): ListGrants {
  const at = prepareLists(engine)
  return function* list({ before, limit, status, nowMs, createdBy, isShare = false, pathPrefix }) {
    const newest = before === null ? null : yield* at.positionOf.get({ id: before })
    const asked: Asked = {
      scope: grantScope(pathPrefix, { createdBy, isShare }),
      state: GRANT_STATE.open,
      before: newest === null ? Number.MAX_SAFE_INTEGER : (newest?.position ?? 0),
      ...rangeOf(pathPrefix),
      createdBy,
      isShare: isShare ? 1 : 0,
      expiresAfter: status === 'active' ? nowMs : ANY_TIME,
      limit,
    }
    const states = status === null ? Object.values(GRANT_STATE) : STATES[status]
    const found: FoundGrant[] = []
    for (const state of states) found.push(...(yield* at.list.all({ ...asked, state })))
    if (status === 'expired') found.push(...(yield* at.listStale.all({ ...asked, nowMs })))
    return found
      .toSorted((a, b) => b.position - a.position)
      .slice(0, limit)
      .map(toRecord)
  }
}

function toRecord(found: FoundGrant): GrantRecord {
  const { position: _position, ...grant } = found
  return grants.toRecord(grant)
}

/** The paths a question is about. */
function rangeOf(pathPrefix: string): { from: string; end: string } {
  if (pathPrefix === '') return { from: '', end: AFTER_EVERY_PATH }
  if (pathPrefix.endsWith('/')) {
    return { from: pathPrefix, end: prefixEnd(pathPrefix) ?? AFTER_EVERY_PATH }
  }
  return { from: pathPrefix, end: justAfter(pathPrefix) }
}

interface ListStatements {
  readonly positionOf: Statement<{ id: string }, { position: number }>
  readonly list: Statement<Asked, FoundGrant>
  /** Those whose time has run out since a job filed the others as expired. */
  readonly listStale: Statement<Asked & { nowMs: number }, FoundGrant>
}

function prepareLists({ query, prepare }: SqlEngine): ListStatements {
  return {
    positionOf: prepare((v: { id: string }) =>
      query.selectFrom('grants').select('position').where('id', '=', v.id),
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
        .where(isAsked(v))
        .where('grants.expires_at', '>', v.expiresAfter)
        .orderBy('grant_index.position', 'desc')
        .limit(v.limit),
    ),
    listStale: prepare((v: Asked & { nowMs: number }) =>
      query
        .selectFrom('grants')
        .select(grants.selection)
        .select('grants.position')
        .where('state', '=', sql.lit(GRANT_STATE.open))
        .where('expires_at', '<=', v.nowMs)
        .where('position', '<', v.before)
        .where(isAsked(v))
        // Not the bare column: that would be read from its newest row on, past all that are not stale.
        .orderBy(sql`position + 0`, 'desc')
        .limit(v.limit),
    ),
  }
}

/**
 * The question itself, compared with the row: an index entry only says where to look. Nothing here is a bare column, because
 * the index by path holds all that is open, which may be a million.
 */
function isAsked(v: Asked): Expression<SqlBool> {
  const [path, createdBy] = [sql.ref('grants.path'), sql.ref('grants.created_by')]
  return sql<SqlBool>`(${path} || '' >= ${v.from} and ${path} || '' < ${v.end}
    and ${createdBy} = coalesce(${v.createdBy}, ${createdBy})
    and (${v.isShare} = 0 or ${sql.ref('grants.share')} is not null))`
}
