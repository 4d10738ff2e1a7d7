/** Every statement about keys, revocations and their epoch. */
import type { Database as SqliteDatabase } from 'better-sqlite3'
import { sql } from 'kysely'
import { accessKeyColumns, apiKeyColumns } from './key-rows.ts'
import type { AccessKeyTable, ApiKeyTable, RevocationTable } from './schema.ts'
import { prepare, query } from './statement.ts'
import type { Statement } from './statement.ts'

type Nothing = object

interface Revoking {
  id: string
  nowMs: number
}

export interface KeyStatements {
  readonly epoch: Statement<Nothing, { value: number }>
  readonly nextEpoch: Statement<Nothing, unknown>
  readonly apiKeys: Statement<Nothing, ApiKeyTable>
  readonly accessKeys: Statement<Nothing, AccessKeyTable>
  readonly revocations: Statement<Nothing, RevocationTable>
  readonly insertApiKey: Statement<ApiKeyTable, unknown>
  readonly insertAccessKey: Statement<AccessKeyTable, unknown>
  readonly revokeApiKey: Statement<Revoking, unknown>
  readonly revokeAccessKey: Statement<Revoking, unknown>
  readonly setSigningKeyState: Statement<{ id: string; state: string }, unknown>
  /** Moves the moment forward, never back. */
  readonly revokeBefore: Statement<RevocationTable, unknown>
}

export function prepareKeyStatements(db: SqliteDatabase): KeyStatements {
  return {
    epoch: prepare(db, () => query.selectFrom('key_epoch').select('value')),
    nextEpoch: prepare(db, () =>
      query.updateTable('key_epoch').set((row) => ({ value: row('value', '+', 1) })),
    ),
    apiKeys: prepare(db, () => query.selectFrom('api_keys').selectAll().orderBy('id')),
    accessKeys: prepare(db, () => query.selectFrom('access_keys').selectAll().orderBy('id')),
    revocations: prepare(db, () => query.selectFrom('revocations').selectAll()),
    insertApiKey: prepare(db, (v: ApiKeyTable) =>
      query.insertInto('api_keys').values(apiKeyColumns(v)),
    ),
    insertAccessKey: prepare(db, (v: AccessKeyTable) =>
      query.insertInto('access_keys').values(accessKeyColumns(v)),
    ),
    revokeApiKey: prepare(db, (v: Revoking) =>
      query
        .updateTable('api_keys')
        .set({ revoked_at: v.nowMs })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
    revokeAccessKey: prepare(db, (v: Revoking) =>
      query
        .updateTable('access_keys')
        .set({ revoked_at: v.nowMs })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
    setSigningKeyState: prepare(db, (v: { id: string; state: string }) =>
      query
        .updateTable('access_keys')
        .set({ state: v.state })
        .where('id', '=', v.id)
        .where('kind', '=', 'signing'),
    ),
    revokeBefore: prepare(db, (v: RevocationTable) =>
      query
        .insertInto('revocations')
        .values({ scope: v.scope, not_before: v.not_before })
        .onConflict((conflict) =>
          conflict.column('scope').doUpdateSet({
            not_before: sql<number>`max(not_before, excluded.not_before)`,
          }),
        ),
    ),
  }
}
