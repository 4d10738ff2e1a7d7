/** Keys and revocations. Every change moves the epoch, which is how other processes learn of it. */
import { sql } from 'kysely'
import type { KeyCatalog, KeySnapshot } from '../catalog.ts'
import { justAfter } from '../key-order.ts'
import { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { EpochScripts } from './epoch.ts'
import type { StoredAccessKey, StoredApiKey, StoredRevocation } from './schema.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export function createKeyCatalog(engine: SqlEngine, epoch: EpochScripts): KeyCatalog {
  const { write, read } = engine
  const at = prepareKeyStatements(engine)

  /** Runs a change and moves the epoch if it changed a row. */
  function change(work: () => Script<number>, isUrgent = false): Promise<number> {
    return write(
      function* () {
        const changed = yield* work()
        if (changed > 0) yield* epoch.advance()
        return changed
      },
      { isUrgent },
    )
  }

  function* run<Values>(statement: Statement<Values, unknown>, values: Values): Script<number> {
    return yield* statement.run(values)
  }

  return {
    epoch: () => read(epoch.read),
    snapshot: () =>
      read(function* (): Script<KeySnapshot> {
        return {
          epoch: yield* epoch.read(),
          accessKeys: (yield* at.accessKeys.all({})).map((row) => accessKeys.toRecord(row)),
          apiKeys: (yield* at.apiKeys.all({})).map((row) => apiKeys.toRecord(row)),
          revocations: (yield* at.revocations.all({})).map((row) => revocations.toRecord(row)),
        }
      }),
    insertApiKey: async (key) => {
      await change(() => run(at.insertApiKey, apiKeys.toStored(key)))
    },
    insertAccessKey: async (key) => {
      await change(() => run(at.insertAccessKey, accessKeys.toStored(key)))
    },
    revoke: (ids, nowMs) =>
      change(function* () {
        let ended = 0
        for (const id of new Set(ids)) {
          ended += yield* at.revokeApiKey.run({ id, nowMs })
          ended += yield* at.revokeAccessKey.run({ id, nowMs })
        }
        return ended
      }, true),
    rotate: async (key, nowMs) => {
      await change(function* () {
        yield* at.retire.run({ nowMs })
        return yield* at.insertAccessKey.run(accessKeys.toStored(key))
      }, true)
    },
    setSigningKeyState: async (id, state) =>
      (await change(() => run(at.setSigningKeyState, { id, state }), true)) > 0,
    revokeBefore: async (revocation) => {
      await change(() => run(at.revokeBefore, revocations.toStored(revocation)), true)
    },
    listRevocations: (after, limit) =>
      read(function* () {
        const from = after === null ? '' : justAfter(after)
        const rows = yield* at.revocationsFrom.all({ from, limit })
        return rows.map((row) => revocations.toRecord(row))
      }),
    removeRevocation: async (scope) =>
      (await change(() => run(at.removeRevocation, { scope }))) > 0,
    forgetRevocations: (nowMs) => change(() => run(at.forget, { nowMs }), true),
  }
}

interface Revoking {
  id: string
  nowMs: number
}

interface KeyStatements {
  readonly apiKeys: Statement<object, StoredApiKey>
  readonly accessKeys: Statement<object, StoredAccessKey>
  readonly revocations: Statement<object, StoredRevocation>
  readonly revocationsFrom: Statement<{ from: string; limit: number }, StoredRevocation>
  readonly insertApiKey: Statement<StoredApiKey, unknown>
  readonly insertAccessKey: Statement<StoredAccessKey, unknown>
  readonly revokeApiKey: Statement<Revoking, unknown>
  readonly revokeAccessKey: Statement<Revoking, unknown>
  readonly retire: Statement<{ nowMs: number }, unknown>
  readonly setSigningKeyState: Statement<{ id: string; state: string }, unknown>
  /** Moves the moment forward, never back. */
  readonly revokeBefore: Statement<StoredRevocation, unknown>
  readonly removeRevocation: Statement<{ scope: string }, unknown>
  readonly forget: Statement<{ nowMs: number }, unknown>
}

function prepareKeyStatements({ query, prepare }: SqlEngine): KeyStatements {
  const rules = query.selectFrom('revocations').select(revocations.selection)
  return {
    apiKeys: prepare(() => query.selectFrom('api_keys').select(apiKeys.selection).orderBy('id')),
    accessKeys: prepare(() =>
      query.selectFrom('access_keys').select(accessKeys.selection).orderBy('id'),
    ),
    revocations: prepare(() => rules),
    revocationsFrom: prepare((v: { from: string; limit: number }) =>
      rules.where('scope', '>=', v.from).orderBy('scope').limit(v.limit),
    ),
    insertApiKey: prepare((v: StoredApiKey) =>
      query.insertInto('api_keys').values(apiKeys.every(v)),
    ),
    insertAccessKey: prepare((v: StoredAccessKey) =>
      query.insertInto('access_keys').values(accessKeys.every(v)),
    ),
    revokeApiKey: prepare((v: Revoking) =>
      query
        .updateTable('api_keys')
        .set({ revoked_at: v.nowMs })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
    revokeAccessKey: prepare((v: Revoking) =>
      query
        .updateTable('access_keys')
        .set({ revoked_at: v.nowMs })
        .where('id', '=', v.id)
        .where('revoked_at', 'is', null),
    ),
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
    revokeBefore: prepare((v: StoredRevocation) =>
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
    removeRevocation: prepare((v: { scope: string }) =>
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
