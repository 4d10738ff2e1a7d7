/** Grants: the records behind links. A use is one conditional update, so no race can spend it twice. */
import { isDeepStrictEqual } from 'node:util'
import type { GrantBounds, GrantCatalog, GrantTally } from '../catalog.ts'
import { GRANT_STATE, stateOfGrant } from '../decisions/grant-state.ts'
import type { GrantUse } from '../file-steps.ts'
import type { GrantRecord } from '../records.ts'
import { grants } from '../tables/grants.ts'
import type { EpochScripts } from './epoch.ts'
import type { ChangeNote, EventScripts } from './events.ts'
import { createGrantFiling } from './grant-filing.ts'
import type { GrantFiling } from './grant-filing.ts'
import { createGrantLists } from './grant-lists.ts'
import { createGrantRetention } from './grant-retention.ts'
import { createReadings } from './grant-readings.ts'
import { prepareGrantStatements } from './grant-statements.ts'
import type { GrantStatements, Uses } from './grant-statements.ts'
import { createGrantTallies } from './grant-tallies.ts'
import type { Script, SqlEngine, WriteOptions } from './script.ts'

export interface GrantScripts {
  insert(grant: GrantRecord): Script<void>
  /** False if it was paused meanwhile, or may do something else than it might. True for one that is not there. */
  isAsSeen(use: GrantUse): Script<boolean>
  /** True if a use was left and is spent. */
  use(use: GrantUse): Script<boolean>
  /** Takes back what `use` did. */
  giveBack(id: string): Script<void>
  /** False if it was revoked before, or is not there. */
  revoke(id: string, nowMs: number): Script<boolean>
  /** False if it was paused or revoked before, or is not there and there is no `stub` to become its record. */
  pause(id: string, nowMs: number, stub: GrantRecord | null): Script<boolean>
  /** What an upload link stored last; `null` if it may not replace even that. */
  ownContent(id: string): Script<string | null>
  rememberOwn(id: string, contentId: string): Script<void>
  readonly endAt: GrantFiling['endAt']
}

/** What happens to a grant changes its row where it stands. */
const URGENT: WriteOptions = { isUrgent: true }

const ONLY_ADDS: WriteOptions = { touches: [] }
const COUNTS: WriteOptions = { isUrgent: true, touches: [] }

/** What the transactions on grants, and those on files that end or use them, are made of. */
export interface PreparedGrants {
  readonly at: GrantStatements
  readonly filing: GrantFiling
  readonly scripts: GrantScripts
}

export function prepareGrants(engine: SqlEngine): PreparedGrants {
  const at = prepareGrantStatements(engine)
  const filing = createGrantFiling(engine)
  return { at, filing, scripts: createGrantScripts(at, filing) }
}

function createGrantScripts(at: GrantStatements, filing: GrantFiling): GrantScripts {
  return {
    endAt: (path, end) => filing.endAt(path, end),
    *insert(grant) {
      const state = stateOfGrant(grant)
      const stored = grants.toStored(grant)
      const inserted = yield* at.insert.get({ ...stored, state })
      const path = `${grant.bucket}/${grant.key}`
      const filed = { path, created_by: grant.createdBy, state, share: stored.share }
      if (inserted !== undefined) yield* filing.file({ ...filed, position: inserted.position })
    },
    *isAsSeen({ id, terms }) {
      const row = yield* at.find.get({ id })
      if (row === undefined) return true
      const grant = grants.toRecord(row)
      return grant.pausedAt === null && isDeepStrictEqual(grant.terms, terms)
    },
    *use({ id, admittedAtMs, clientIp }) {
      const used = yield* at.use.get({ id, admittedAtMs, clientIp })
      if (used === undefined) return false
      if (isSpent(used)) yield* filing.move(used, GRANT_STATE.usedUp)
      return true
    },
    *giveBack(id) {
      const given = yield* at.giveBack.get({ id })
      if (given?.state === GRANT_STATE.usedUp) yield* filing.move(given, GRANT_STATE.open)
    },
    *pause(id, nowMs, stub) {
      if ((yield* at.filed.get({ id })) !== undefined) {
        return (yield* at.pause.run({ id, nowMs })) > 0
      }
      if (stub === null) return false
      yield* this.insert({ ...stub, id, pausedAt: nowMs })
      return true
    },
    *ownContent(id) {
      return (yield* at.ownContent.get({ id }))?.own ?? null
    },
    *rememberOwn(id, contentId) {
      yield* at.rememberOwn.run({ id, contentId })
    },
    *revoke(id, nowMs) {
      const filed = yield* at.filed.get({ id })
      if (filed === undefined) return false
      const revoked = { id, nowMs, revokedBy: 'link', state: GRANT_STATE.revoked }
      if ((yield* at.revoke.run(revoked)) === 0) return false
      yield* filing.refile(filed, GRANT_STATE.revoked)
      return true
    },
  }
}

interface GrantParts {
  readonly grants: PreparedGrants
  readonly epoch: EpochScripts
  readonly trail: EventScripts
}

export function createGrantCatalog(
  engine: SqlEngine,
  { grants: { at, filing, scripts }, epoch, trail }: GrantParts,
): GrantCatalog {
  const { write, read, lookUp } = engine
  const list = createGrantLists(engine)
  const forget = createGrantRetention(engine)
  return {
    find: (id) => lookUp(at.find, { id }, (row) => grants.toRecord(row)),
    ...createMaking(engine, scripts, { epoch, trail }),
    list: (query) => read(() => list(query)),
    rebind: (id, { from, to }, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const row = yield* at.find.get({ id })
        const grant = row === undefined ? null : grants.toRecord(row)
        if (grant === null || !isBoundBy(grant, from)) return false
        const rebound = yield* at.rebind.get(grants.toStored({ ...grant, ...to }))
        if (rebound?.state === GRANT_STATE.open && isSpent(rebound)) {
          yield* filing.move(rebound, GRANT_STATE.usedUp)
        }
        const detail = { expiresAt: to.expiresAt, maxUses: to.maxUses, ...to.terms }
        const path = `${grant.bucket}/${grant.key}`
        yield* trail.record(rights?.by, { kind: 'link.narrowed', linkId: id, path, detail })
        return true
      }, URGENT),
    revoke: (id, { nowMs, stub }, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const filed = yield* at.filed.get({ id })
        if (filed === undefined && stub === null) return false
        if (filed !== undefined && !(yield* scripts.revoke(id, nowMs))) return false
        if (filed === undefined && stub !== null) {
          yield* scripts.insert({ ...stub, id, revokedAt: nowMs, revokedBy: 'link' })
        }
        const path = filed?.path ?? (stub === null ? '' : `${stub.bucket}/${stub.key}`)
        yield* trail.record(rights?.by, { kind: 'link.revoked', linkId: id, path })
        return true
      }, URGENT),
    ...createPauses(engine, scripts, { at, epoch, trail }),
    ...createReadings(engine, filing),
    count: (tallies) =>
      write(function* () {
        for (const tally of tallies.toSorted(byId)) yield* at.count.run(tally)
      }, COUNTS),
    expire: (nowMs, limit) =>
      write(function* () {
        const stale = yield* filing.stale(nowMs, limit)
        for (const grant of stale) yield* filing.move(grant, GRANT_STATE.expired)
        return stale.length
      }, URGENT),
    forget: (retention) => write(() => forget(retention), URGENT),
  }
}

function createMaking(
  engine: SqlEngine,
  scripts: GrantScripts,
  { epoch, trail }: Pick<GrantParts, 'epoch' | 'trail'>,
): Pick<GrantCatalog, 'insert'> {
  const tallies = createGrantTallies(engine)
  return {
    insert: (records, current, { by, maxLive } = {}) =>
      engine.write(function* () {
        if (!(yield* epoch.is(current))) return false
        if (maxLive !== undefined && !(yield* tallies.add(records, maxLive))) return 'too-many'
        for (const grant of records) {
          yield* scripts.insert(grant)
          yield* trail.record(by, issued(grant))
        }
        return true
      }, ONLY_ADDS),
  }
}

interface PauseParts {
  readonly at: GrantStatements
  readonly epoch: EpochScripts
  readonly trail: EventScripts
}

function createPauses(
  { write }: SqlEngine,
  scripts: GrantScripts,
  { at, epoch, trail }: PauseParts,
): Pick<GrantCatalog, 'pause' | 'resume'> {
  return {
    pause: (id, { nowMs, stub }, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if (!(yield* scripts.pause(id, nowMs, stub))) return false
        const path = yield* pathOf(at, id)
        yield* trail.record(rights?.by, { kind: 'link.paused', linkId: id, path })
        return true
      }, URGENT),
    resume: (id, rights) =>
      write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        if ((yield* at.resume.run({ id })) === 0) return false
        const path = yield* pathOf(at, id)
        yield* trail.record(rights?.by, { kind: 'link.resumed', linkId: id, path })
        return true
      }),
  }
}

function* pathOf(at: GrantStatements, id: string): Script<string> {
  return (yield* at.filed.get({ id }))?.path ?? ''
}

/** In one order, so that no two transactions wait for each other. */
function byId(a: GrantTally, b: GrantTally): number {
  return a.id < b.id ? -1 : 1
}

function isSpent({ uses, max_uses: maxUses }: Uses): boolean {
  return maxUses !== null && uses >= maxUses
}

/** Terms hold plain values alone. */
function isBoundBy(grant: GrantBounds, { expiresAt, maxUses, terms, share }: GrantBounds): boolean {
  return (
    grant.expiresAt === expiresAt &&
    grant.maxUses === maxUses &&
    isDeepStrictEqual(grant.terms, terms) &&
    isDeepStrictEqual(grant.share, share)
  )
}

/** What a link allows is in its record. */
function issued({ id, method, bucket, key, expiresAt, share, terms }: GrantRecord): ChangeNote {
  const detail = {
    method,
    expiresAt,
    ...(share !== null && { share: share.kind }),
    ...(terms.areCookies === true && { cookies: true }),
  }
  return { kind: 'link.issued', linkId: id, path: `${bucket}/${key}`, detail }
}
