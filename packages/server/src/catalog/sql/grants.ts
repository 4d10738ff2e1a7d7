/** Grants: the records behind links. A use is one conditional update, so no race can spend it twice. */
import type { GrantCatalog, GrantStatus, ListGrantsQuery } from '../catalog.ts'
import { GRANT_STATE, stateOfGrant } from '../decisions/grant-state.ts'
import type { GrantState } from '../decisions/grant-state.ts'
import type { FilePath, GrantUse } from '../file-steps.ts'
import { justAfter, prefixEnd } from '../key-order.ts'
import type { GrantRecord, LinkMethod, RevokedBy } from '../records.ts'
import { grants } from '../tables/grants.ts'
import { grantScope, scopesOfGrant, scopesOfPath } from './grant-scopes.ts'
import { prepareGrantStatements } from './grant-statements.ts'
import type { Asked, Filed, FoundGrant, GrantStatements } from './grant-statements.ts'
import type { Script, SqlEngine, Statement, WriteOptions } from './script.ts'

export interface GrantScripts {
  /** True if a use was left and is spent. */
  use(use: GrantUse): Script<boolean>
  /** Ends the open links of a path, or those of one method. */
  endAt(path: FilePath, end: { by: RevokedBy; nowMs: number; method?: LinkMethod }): Script<void>
}

/** Bucket names are ASCII, so every path comes before it. */
const AFTER_EVERY_PATH = '\u{10ffff}'
const ANY_TIME = -1
/** What happens to a grant changes its row where it stands. */
const URGENT: WriteOptions = { isUrgent: true }

export function createGrantScripts(at: GrantStatements): GrantScripts & {
  insert(grant: GrantRecord): Script<void>
  refile(grant: Filed, to: GrantState): Script<void>
} {
  function* refile(grant: Filed, to: GrantState): Script<void> {
    const { position, state: from } = grant
    if (from === to) return
    for (const scope of scopesOfGrant(grant.path, grant.created_by)) {
      yield* at.refile.run({ scope, from, to, position })
    }
  }

  return {
    refile,
    *insert(grant) {
      const state = stateOfGrant(grant)
      const inserted = yield* at.insert.get({ ...grants.toStored(grant), state })
      if (inserted === undefined) return
      const { position } = inserted
      for (const scope of scopesOfGrant(`${grant.bucket}/${grant.key}`, grant.createdBy)) {
        yield* at.index.run({ scope, state, position })
      }
    },
    *use(use) {
      const used = yield* at.use.get({ ...use })
      if (used === undefined) return false
      if (used.max_uses === null || used.uses < used.max_uses) return true
      yield* refile(used, GRANT_STATE.usedUp)
      yield* at.setState.run({ position: used.position, state: GRANT_STATE.usedUp })
      return true
    },
    *endAt({ bucket, key }, { by: revokedBy, nowMs, method = '' }) {
      const ended = { path: `${bucket}/${key}`, method }
      const creators = yield* at.creatorsAt.all(ended)
      if (creators.length === 0) return
      for (const createdBy of [null, ...creators.map(({ created_by: id }) => id)]) {
        for (const scope of scopesOfPath(ended.path, createdBy)) {
          yield* at.refileAt.run({ ...ended, scope })
        }
      }
      yield* at.revokeAt.run({ ...ended, nowMs, revokedBy })
    },
  }
}

export function createGrantCatalog(
  engine: SqlEngine,
  isEpoch: (epoch: number) => Script<boolean>,
): GrantCatalog {
  const { write, read, lookUp } = engine
  const at = prepareGrantStatements(engine)
  const scripts = createGrantScripts(at)
  const positionOf = engine.prepare((v: { id: string }) =>
    engine.query.selectFrom('grants').select('position').where('id', '=', v.id),
  )
  return {
    find: (id) => lookUp(at.find, { id }, (row) => grants.toRecord(row)),
    insert: (records, epoch) =>
      write(function* () {
        if (!(yield* isEpoch(epoch))) return false
        for (const grant of records) yield* scripts.insert(grant)
        return true
      }),
    list: (query) => read(() => list(at, positionOf, query)),
    revoke: (id, nowMs, stub) =>
      write(function* () {
        const filed = yield* at.filed.get({ id })
        if (filed === undefined) {
          if (stub !== null) yield* scripts.insert({ ...stub, id, ...revokedByHand(nowMs) })
          return stub !== null
        }
        const state = GRANT_STATE.revoked
        if ((yield* at.revoke.run({ id, nowMs, revokedBy: 'link', state })) === 0) return false
        yield* scripts.refile(filed, state)
        return true
      }, URGENT),
    use: (use) => write(() => scripts.use(use), URGENT),
    resumeUse: async (use, beganAfterMs) =>
      (await write(() => run(at.resumeUse, { ...use, beganAfterMs }), URGENT)) === 1,
    endUse: async (id, usedAtMs, ending) => {
      await write(() => run(at.endUse, { id, usedAtMs, ending }), URGENT)
    },
    count: (tallies) =>
      write(function* () {
        for (const tally of tallies) yield* at.count.run({ ...tally })
      }, URGENT),
    expire: (nowMs, limit) =>
      write(function* () {
        const stale = yield* at.stale.all({ nowMs, limit })
        for (const grant of stale) {
          yield* scripts.refile(grant, GRANT_STATE.expired)
          yield* at.setState.run({ position: grant.position, state: GRANT_STATE.expired })
        }
        return stale.length
      }, URGENT),
  }
}

function revokedByHand(nowMs: number): Pick<GrantRecord, 'revokedAt' | 'revokedBy'> {
  return { revokedAt: nowMs, revokedBy: 'link' }
}

function* run<Values>(statement: Statement<Values, unknown>, values: Values): Script<number> {
  return yield* statement.run(values)
}

const STATES: Readonly<Record<GrantStatus, readonly GrantState[]>> = {
  active: [GRANT_STATE.open],
  expired: [GRANT_STATE.expired],
  'used-up': [GRANT_STATE.usedUp],
  revoked: [GRANT_STATE.revoked],
}

function* list(
  at: GrantStatements,
  positionOf: Statement<{ id: string }, { position: number }>,
  query: ListGrantsQuery,
): Script<readonly GrantRecord[]> {
  const { before, limit, status, nowMs, createdBy, pathPrefix } = query
  const asked: Asked = {
    scope: grantScope(pathPrefix, createdBy),
    state: GRANT_STATE.open,
    before:
      before === null
        ? Number.MAX_SAFE_INTEGER
        : ((yield* positionOf.get({ id: before }))?.position ?? 0),
    ...rangeOf(pathPrefix),
    createdBy,
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
    .map(({ position: _, ...grant }) => grants.toRecord(grant))
}

/** The paths a question is about. */
function rangeOf(pathPrefix: string): { from: string; end: string } {
  if (pathPrefix === '') return { from: '', end: AFTER_EVERY_PATH }
  if (pathPrefix.endsWith('/')) {
    return { from: pathPrefix, end: prefixEnd(pathPrefix) ?? AFTER_EVERY_PATH }
  }
  return { from: pathPrefix, end: justAfter(pathPrefix) }
}
