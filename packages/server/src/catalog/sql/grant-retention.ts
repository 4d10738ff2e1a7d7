/** Lets go of the records of links that are over, with what lists them. */
import { sql } from 'kysely'
import type { GrantRetention } from '../catalog.ts'
import { scopesOfGrant } from './grant-scopes.ts'
import { FILED } from './grant-statements.ts'
import type { Filed } from './grant-statements.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

/** Forgets some; how many. */
export type ForgetGrants = (retention: GrantRetention) => Script<number>

export function createGrantRetention(engine: SqlEngine): ForgetGrants {
  const at = prepareRetention(engine)

  function* forget(grants: readonly Filed[]): Script<number> {
    for (const { position, path, created_by: createdBy, state, share } of grants) {
      for (const scope of scopesOfGrant(path, { createdBy, isShare: share !== null })) {
        yield* at.unlist.run({ scope, state, position })
      }
      yield* at.remove.run({ position })
    }
    return grants.length
  }

  return function* ({ oldBeforeMs, overBeforeMs, most, limit }) {
    const old = yield* at.endedBefore.all({ beforeMs: Math.min(oldBeforeMs, overBeforeMs), limit })
    if (old.length > 0) return yield* forget(old)
    const newest = (yield* at.newest.get({}))?.position ?? 0
    const until = { position: newest - most, beforeMs: overBeforeMs, limit }
    return yield* forget(yield* at.endedUntil.all(until))
  }
}

interface RetentionStatements {
  readonly endedBefore: Statement<{ beforeMs: number; limit: number }, Filed>
  readonly endedUntil: Statement<{ position: number; beforeMs: number; limit: number }, Filed>
  readonly newest: Statement<object, { position: number | null }>
  readonly unlist: Statement<{ scope: number; state: number; position: number }, unknown>
  readonly remove: Statement<{ position: number }, unknown>
}

/** As the indexes of such rows say it. */
const ENDED = sql<boolean>`state > 0`

function prepareRetention({ query, prepare }: SqlEngine): RetentionStatements {
  return {
    endedBefore: prepare((v: { beforeMs: number; limit: number }) =>
      query
        .selectFrom('grants')
        .select(FILED)
        .where(ENDED)
        .where('expires_at', '<', v.beforeMs)
        .orderBy('expires_at')
        .limit(v.limit),
    ),
    endedUntil: prepare((v: { position: number; beforeMs: number; limit: number }) =>
      query
        .selectFrom('grants')
        .select(FILED)
        .where(ENDED)
        .where('position', '<=', v.position)
        .where('expires_at', '<', v.beforeMs)
        .orderBy('position')
        .limit(v.limit),
    ),
    newest: prepare(() =>
      query
        .selectFrom('grants')
        .select((row) => row.fn.max<number | null>('position').as('position')),
    ),
    unlist: prepare((v: { scope: number; state: number; position: number }) =>
      query
        .deleteFrom('grant_index')
        .where('scope', '=', v.scope)
        .where('state', '=', v.state)
        .where('position', '=', v.position),
    ),
    remove: prepare((v: { position: number }) =>
      query.deleteFrom('grants').where('position', '=', v.position),
    ),
  }
}
