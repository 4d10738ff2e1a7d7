/**
 * Bounds how many links one key or end user has alive, in the transaction that makes them. What is kept only grows: that a link ended is
 * found out by counting anew where the bound seems to be reached, so that no link that ends waits for another.
 */
import { sql } from 'kysely'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import type { GrantRecord } from '../records.ts'
import { grantScope } from './grant-scopes.ts'
import type { Script, SqlEngine } from './script.ts'

export interface GrantTallyScripts {
  /** Counts those that are about to be made; false, and nothing is counted, if somebody would have more than so many. */
  add(made: readonly Pick<GrantRecord, 'createdBy'>[], maxLive: number): Script<boolean>
}

interface Tally {
  createdBy: string
  more: number
  maxLive: number
}

export function createGrantTallies(engine: SqlEngine): GrantTallyScripts {
  const at = prepareTallies(engine)

  function* addFor(tally: Tally): Script<boolean> {
    if ((yield* at.add.run(tally)) > 0) return true
    const { createdBy, more, maxLive } = tally
    // From here on nobody else counts for the same one.
    yield* at.hold.run({ createdBy })
    const scope = grantScope('', { createdBy, isShare: false })
    const live = (yield* at.count.get({ scope }))?.live ?? 0
    const isWithin = live + more <= maxLive
    yield* at.set.run({ createdBy, atMost: isWithin ? live + more : live })
    return isWithin
  }

  return {
    *add(made, maxLive) {
      const counts = new Map<string, number>()
      for (const { createdBy } of made) counts.set(createdBy, (counts.get(createdBy) ?? 0) + 1)
      for (const [createdBy, more] of counts) {
        if (!(yield* addFor({ createdBy, more, maxLive }))) return false
      }
      return true
    },
  }
}

// oxlint-disable-next-line explicit-module-boundary-types -- the statements are these
function prepareTallies({ query, prepare }: SqlEngine) {
  return {
    add: prepare((v: Tally) =>
      query
        .updateTable('grant_tallies')
        .set((row) => ({ at_most: row('at_most', '+', v.more) }))
        .where('created_by', '=', v.createdBy)
        .where((row) => row(row('at_most', '+', v.more), '<=', v.maxLive)),
    ),
    hold: prepare((v: { createdBy: string }) =>
      query
        .insertInto('grant_tallies')
        .values({ created_by: v.createdBy, at_most: sql.lit(0) })
        .onConflict((conflict) =>
          conflict.column('created_by').doUpdateSet((row) => ({
            at_most: row.ref('grant_tallies.at_most'),
          })),
        ),
    ),
    count: prepare((v: { scope: number }) =>
      query
        .selectFrom('grant_index')
        .select((row) => row.fn.countAll<number>().as('live'))
        .where('scope', '=', v.scope)
        .where('state', '=', sql.lit(GRANT_STATE.open)),
    ),
    set: prepare((v: { createdBy: string; atMost: number }) =>
      query
        .updateTable('grant_tallies')
        .set({ at_most: v.atMost })
        .where('created_by', '=', v.createdBy),
    ),
  }
}
