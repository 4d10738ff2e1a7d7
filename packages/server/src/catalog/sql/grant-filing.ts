/**
 * Files grants under every question that covers them and the state they are in, and files them anew when that changes: by
 * themselves, or all that are open on a path at once.
 */
import { sql } from 'kysely'
import { GRANT_STATE } from '../decisions/grant-state.ts'
import type { GrantState } from '../decisions/grant-state.ts'
import type { FilePath } from '../file-steps.ts'
import type { RevokedBy } from '../records.ts'
import { scopesOfGrant, scopesOfPath } from './grant-scopes.ts'
import type { GrantQuestion } from './grant-scopes.ts'
import { FILED } from './grant-statements.ts'
import type { Filed } from './grant-statements.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

export interface GrantFiling {
  file(grant: Filed): Script<void>
  /** The index alone: whoever changes the row says its state too. */
  refile(grant: Filed, to: GrantState): Script<void>
  /** The same, and the row says so. */
  move(grant: Filed, to: GrantState): Script<void>
  /** Ends the links of a path: the open ones, and those on which something may still be under way or come back. */
  endAt(path: FilePath, end: Ending): Script<void>
  /** Those whose time has run out and that are still filed as open. */
  stale(nowMs: number, limit: number): Script<readonly Filed[]>
}

export interface Ending {
  readonly by: RevokedBy
  readonly nowMs: number
}

export function createGrantFiling(engine: SqlEngine): GrantFiling {
  const at = {
    ...prepareIndex(engine),
    open: prepareEnding(engine, GRANT_STATE.open),
    expired: prepareEnding(engine, GRANT_STATE.expired),
    unfinished: prepareEnding(engine, GRANT_STATE.usedUp),
  }

  function* refile(grant: Filed, to: GrantState): Script<void> {
    const { position, state: from } = grant
    if (from === to) return
    for (const scope of scopesOf(grant)) {
      yield* at.refile.run({ scope, from, to, position })
    }
  }

  return {
    refile,
    *file(grant) {
      const { state, position } = grant
      for (const scope of scopesOf(grant)) yield* at.index.run({ scope, state, position })
    },
    *move(grant, to) {
      yield* refile(grant, to)
      yield* at.setState.run({ position: grant.position, state: to })
    },
    *endAt({ bucket, key }, { by: revokedBy, nowMs }) {
      // How a grant is filed says nothing of what came in on it in time and is still under way.
      const inTimeAfter = nowMs - LONGEST_REQUEST_MS
      for (const statements of [at.open, at.expired, at.unfinished]) {
        const ended = { path: `${bucket}/${key}`, inTimeAfter }
        const creators = yield* statements.creatorsAt.all(ended)
        if (creators.length === 0) continue
        for (const question of questionsOf(creators.map((row) => row.created_by))) {
          for (const scope of scopesOfPath(ended.path, question)) {
            yield* statements.refileAt.run({ ...ended, scope })
          }
        }
        yield* statements.revokeAt.run({ ...ended, nowMs, revokedBy })
      }
    },
    *stale(nowMs, limit) {
      return yield* at.stale.all({ nowMs, limit })
    },
  }
}

function scopesOf({ path, created_by: createdBy, share }: Filed): number[] {
  return scopesOfGrant(path, { createdBy, isShare: share !== null })
}

/** All that may be asked of grants of these keys. */
function questionsOf(creators: readonly string[]): GrantQuestion[] {
  return [null, ...creators].flatMap((createdBy) => [
    { createdBy, isShare: false },
    { createdBy, isShare: true },
  ])
}

interface Entry {
  scope: number
  state: number
  position: number
}

interface IndexStatements {
  readonly index: Statement<Entry, unknown>
  readonly refile: Statement<{ scope: number; from: number; to: number; position: number }, unknown>
  readonly setState: Statement<{ position: number; state: number }, unknown>
  readonly stale: Statement<{ nowMs: number; limit: number }, Filed>
}

/** What began on a link in time may go on for this long: an upload's longest duration. */
const LONGEST_REQUEST_MS = 86_400_000

const OPEN = sql.lit(GRANT_STATE.open)
const REVOKED = sql.lit(GRANT_STATE.revoked)

function prepareIndex({ query, prepare }: SqlEngine): IndexStatements {
  return {
    index: prepare((v: Entry) =>
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
    stale: prepare((v: { nowMs: number; limit: number }) =>
      query
        .selectFrom('grants')
        .select(FILED)
        .where('state', '=', OPEN)
        .where('expires_at', '<=', v.nowMs)
        .orderBy('expires_at')
        .limit(v.limit),
    ),
  }
}

/** The grants on a path on which a request may be under way: their time ended after this. */
interface Ended {
  path: string
  inTimeAfter: number
}

interface EndingStatements {
  readonly creatorsAt: Statement<Ended, { created_by: string }>
  readonly refileAt: Statement<Ended & { scope: number }, unknown>
  readonly revokeAt: Statement<Ended & { nowMs: number; revokedBy: string }, unknown>
}

/** Of those that are filed in one state; of the used-up ones, those whose last use has not brought everything yet. */
function prepareEnding({ query, prepare }: SqlEngine, state: GrantState): EndingStatements {
  const filed = sql.lit(state)
  const mayGoOn =
    state === GRANT_STATE.usedUp ? sql<boolean>`reading is not null` : sql<boolean>`true`
  const endedAt = (v: Ended) =>
    query
      .selectFrom('grants')
      .where('state', '=', filed)
      .where('path', '=', v.path)
      .where('expires_at', '>', v.inTimeAfter)
      .where(mayGoOn)
  return {
    creatorsAt: prepare((v: Ended) => endedAt(v).select('created_by').distinct()),
    refileAt: prepare((v: Ended & { scope: number }) =>
      query
        .updateTable('grant_index')
        .set({ state: REVOKED })
        .where('scope', '=', v.scope)
        .where('state', '=', filed)
        .where('position', 'in', endedAt(v).select('position')),
    ),
    revokeAt: prepare((v: Ended & { nowMs: number; revokedBy: string }) =>
      query
        .updateTable('grants')
        .set({ revoked_at: v.nowMs, revoked_by: v.revokedBy, state: REVOKED })
        .where('state', '=', filed)
        .where('path', '=', v.path)
        .where('expires_at', '>', v.inTimeAfter)
        .where(mayGoOn),
    ),
  }
}
