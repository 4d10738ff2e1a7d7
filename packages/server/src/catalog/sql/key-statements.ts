/** Every statement about keys and the rules that end links before a moment. */
import { sql } from 'kysely'
import type { KeyLineage, KeyUse } from '../catalog.ts'
import { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { StoredAccessKey, StoredApiKey, StoredRevocation } from './schema.ts'
import type { SqlEngine, Statement } from './script.ts'

interface Revoking {
  id: string
  nowMs: number
}

export interface KeyStatements {
  readonly apiKeys: Statement<object, StoredApiKey>
  readonly accessKeys: Statement<object, StoredAccessKey>
  readonly apiKeyMakers: Statement<object, KeyLineage>
  /** Not of signing keys: those belong to the instance, whoever rotated them in. */
  readonly accessKeyMakers: Statement<object, KeyLineage>
  readonly insertApiKey: Statement<StoredApiKey, unknown>
  readonly insertAccessKey: Statement<StoredAccessKey, unknown>
  readonly revokeApiKey: Statement<Revoking, unknown>
  readonly revokeAccessKey: Statement<Revoking, unknown>
  readonly setDisabled: Statement<{ id: string; disabledAt: number | null }, unknown>
  readonly noteApiKeyUse: Statement<KeyUse, unknown>
  readonly noteAccessKeyUse: Statement<KeyUse, unknown>
  readonly retire: Statement<{ nowMs: number }, unknown>
  readonly setSigningKeyState: Statement<{ id: string; state: string }, unknown>
}

const LINEAGE = ['id', 'created_by as createdBy', 'revoked_at as revokedAt'] as const

export function prepareKeyStatements(engine: SqlEngine): KeyStatements {
  const { query, prepare } = engine
  const revoke = (table: 'api_keys' | 'access_keys') =>
    prepare((v: Revoking) =>
      query
        .updateTable(table)
        .set({ revoked_at: v.nowMs })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    )
  return {
    apiKeys: prepare(() => query.selectFrom('api_keys').select(apiKeys.selection).orderBy('id')),
    accessKeys: prepare(() =>
      query.selectFrom('access_keys').select(accessKeys.selection).orderBy('id'),
    ),
    apiKeyMakers: prepare(() => query.selectFrom('api_keys').select(LINEAGE)),
    accessKeyMakers: prepare(() =>
      query.selectFrom('access_keys').select(LINEAGE).where('kind', '=', sql.lit('access')),
    ),
    insertApiKey: prepare((v: StoredApiKey) =>
      query.insertInto('api_keys').values(apiKeys.every(v)),
    ),
    insertAccessKey: prepare((v: StoredAccessKey) =>
      query.insertInto('access_keys').values(accessKeys.every(v)),
    ),
    revokeApiKey: revoke('api_keys'),
    revokeAccessKey: revoke('access_keys'),
    setDisabled: prepare((v: { id: string; disabledAt: number | null }) =>
      query
        .updateTable('access_keys')
        .set({ disabled_at: v.disabledAt })
        .where('id', '=', v.id)
        .where('kind', '=', sql.lit('access'))
        .where('revoked_at', 'is', null),
    ),
    noteApiKeyUse: prepareUse(engine, 'api_keys'),
    noteAccessKeyUse: prepareUse(engine, 'access_keys'),
    retire: prepare((v: { nowMs: number }) =>
      query
        .updateTable('access_keys')
        .set({ state: sql.lit('retiring'), rotated_at: v.nowMs })
        .where('kind', '=', sql.lit('signing'))
        .where('state', '=', sql.lit('active')),
    ),
    setSigningKeyState: prepare((v: { id: string; state: string }) =>
      query
        .updateTable('access_keys')
        .set({ state: v.state })
        .where('id', '=', v.id)
        .where('kind', '=', sql.lit('signing')),
    ),
  }
}

function prepareUse(
  { query, prepare }: SqlEngine,
  table: 'api_keys' | 'access_keys',
): KeyStatements['noteApiKeyUse'] {
  return prepare((v: KeyUse) =>
    query
      .updateTable(table)
      .set({ last_used_at: v.usedAt })
      .where('id', '=', v.id)
      .where((row) =>
        row.or([row('last_used_at', 'is', null), row('last_used_at', '<', v.usedAt)]),
      ),
  )
}

export interface RuleStatements {
  readonly all: Statement<object, StoredRevocation>
  readonly from: Statement<{ from: string; limit: number }, StoredRevocation>
  /** Moves the moment forward, never back. */
  readonly put: Statement<StoredRevocation, unknown>
  readonly remove: Statement<{ scope: string }, unknown>
  readonly forget: Statement<{ nowMs: number }, unknown>
}

export function prepareRuleStatements({ query, prepare }: SqlEngine): RuleStatements {
  const rules = query.selectFrom('revocations').select(revocations.selection)
  return {
    all: prepare(() => rules),
    from: prepare((v: { from: string; limit: number }) =>
      rules.where('scope', '>=', v.from).orderBy('scope').limit(v.limit),
    ),
    put: prepare((v: StoredRevocation) =>
      query
        .insertInto('revocations')
        .values(revocations.every(v))
        .onConflict((conflict) =>
          conflict.column('scope').doUpdateSet({
            not_before: later('not_before'),
            forget_at: later('forget_at'),
          }),
        ),
    ),
    remove: prepare((v: { scope: string }) =>
      query.deleteFrom('revocations').where('scope', '=', v.scope),
    ),
    forget: prepare((v: { nowMs: number }) =>
      query.deleteFrom('revocations').where('forget_at', '<=', v.nowMs),
    ),
  }
}

function later(column: 'not_before' | 'forget_at') {
  const [given, standing] = [sql.ref(`excluded.${column}`), sql.ref(`revocations.${column}`)]
  return sql<number>`case when ${given} > ${standing} then ${given} else ${standing} end`
}
