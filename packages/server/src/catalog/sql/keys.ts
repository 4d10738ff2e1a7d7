/** Keys and revocations. Every change moves the epoch, which is how other processes learn of it. */
import type { ChangeRights, Changed, KeyCatalog } from '../catalog.ts'
import { justAfter } from '../key-order.ts'
import type { ApiKeyRecord, RevocationRecord } from '../records.ts'
import { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { EpochScripts } from './epoch.ts'
import type { QuotaScripts } from './quotas.ts'
import type { ChangeNote, EventScripts } from './events.ts'
import { prepareKeyStatements, prepareRuleStatements } from './key-statements.ts'
import type { KeyStatements, RuleStatements } from './key-statements.ts'
import { createKeyBounding } from './key-quotas.ts'
import { createResealing } from './resealing.ts'
import { once } from './script.ts'
import type { Script, SqlEngine, Statement } from './script.ts'

/** What a change is, and what the trail says of it. */
interface ChangeOptions {
  readonly isUrgent?: boolean
  readonly note?: ChangeNote
}

/** Runs a change if the rights allow it; if it changed a row, moves the epoch and notes it; how many rows. */
type Change = (
  rights: ChangeRights | null,
  work: () => Script<number>,
  options: ChangeOptions,
) => Changed<number>

export interface KeyParts {
  readonly epoch: EpochScripts
  readonly quotas: QuotaScripts
  readonly trail: EventScripts
}

export function createKeyCatalog(engine: SqlEngine, parts: KeyParts): KeyCatalog {
  const { epoch, quotas, trail } = parts
  const at = prepareKeyStatements(engine)
  const rules = prepareRuleStatements(engine)
  const change: Change = (rights, work, { isUrgent = false, note }) =>
    engine.write(
      function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const changed = yield* work()
        if (changed > 0) yield* epoch.advance()
        if (changed > 0 && note !== undefined) yield* trail.record(rights?.by, note)
        return changed
      },
      { isUrgent },
    )

  return {
    epoch: () => engine.read(() => epoch.read()),
    snapshot: () =>
      engine.read(function* () {
        return {
          epoch: yield* epoch.read(),
          accessKeys: (yield* at.accessKeys.all({})).map((row) => accessKeys.toRecord(row)),
          apiKeys: (yield* at.apiKeys.all({})).map((row) => apiKeys.toRecord(row)),
          revocations: (yield* rules.all.all({})).map((row) => revocations.toRecord(row)),
        }
      }),
    usage: (keyId) => engine.read(() => quotas.usage({ keyId })),
    noteUses: (uses) =>
      engine.write(
        function* () {
          // In one order, so that no two of these wait for each other.
          const sorted = uses.toSorted((a, b) => (a.id < b.id ? -1 : 1))
          for (const use of sorted) {
            yield* at.noteApiKeyUse.run(use)
            yield* at.noteAccessKeyUse.run(use)
          }
        },
        { touches: [] },
      ),
    noteMasterKey: (rights) =>
      engine.write(function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        yield* trail.record(rights?.by, { kind: 'master-key.rotated' })
        return 'noted'
      }),
    ...createBounding(engine, parts, at),
    ...createResealing(engine),
    ...createMaking({ at, quotas, change }),
    ...createEndings({ engine, epoch, trail, at, rules, change }),
    ...createRules(engine, rules, change),
  }
}

function createBounding(
  engine: SqlEngine,
  { epoch, trail }: KeyParts,
  at: KeyStatements,
): Pick<KeyCatalog, 'setQuota'> {
  const bound = createKeyBounding(engine, at)
  return {
    setQuota: (target, bounds, rights) =>
      engine.write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const quota = yield* bound(target, bounds)
          if (quota === null) return false
          yield* epoch.advance()
          const { maxBytes, maxFiles } = quota
          const detail = { maxBytes, maxFiles }
          yield* trail.record(rights?.by, { kind: 'key.changed', target, detail })
          return true
        },
        { isUrgent: true },
      ),
  }
}

interface MakingParts {
  readonly at: KeyStatements
  readonly quotas: QuotaScripts
  readonly change: Change
}

function createMaking({
  at,
  quotas,
  change,
}: MakingParts): Pick<
  KeyCatalog,
  'insertApiKey' | 'insertAccessKey' | 'setDisabled' | 'rotate' | 'setSigningKeyState'
> {
  function* insert<Row>(
    statement: Statement<Row, unknown>,
    row: Row,
    key: Pick<ApiKeyRecord, 'id' | 'scope'>,
  ): Script<number> {
    yield* quotas.followKey(key)
    return yield* statement.run(row)
  }
  return {
    insertApiKey: async (key, rights) => {
      const row = apiKeys.toStored(key)
      const note = created(key, 'api')
      return said(
        'inserted',
        await change(rights, () => insert(at.insertApiKey, row, key), { note }),
      )
    },
    insertAccessKey: async (key, rights) => {
      const row = accessKeys.toStored(key)
      const note = created(key, key.kind)
      return said(
        'inserted',
        await change(rights, () => insert(at.insertAccessKey, row, key), { note }),
      )
    },
    rotate: async (key, nowMs, rights) =>
      said(
        'rotated',
        await change(
          rights,
          function* () {
            yield* at.retire.run({ nowMs })
            return yield* at.insertAccessKey.run(accessKeys.toStored(key))
          },
          { isUrgent: true, note: { kind: 'key.rotated', target: key.id } },
        ),
      ),
    setDisabled: async (id, disabledAt, rights) => {
      const kind = disabledAt === null ? 'key.enabled' : 'key.disabled'
      const options = { isUrgent: true, note: { kind, target: id } } as const
      return isAny(await change(rights, () => once(at.setDisabled, { id, disabledAt }), options))
    },
    setSigningKeyState: async (id, state, rights) =>
      isAny(
        await change(rights, () => once(at.setSigningKeyState, { id, state }), {
          isUrgent: true,
          ...(state === 'retired' && { note: { kind: 'key.retired', target: id } }),
        }),
      ),
  }
}

interface EndingParts {
  readonly engine: SqlEngine
  readonly epoch: EpochScripts
  readonly trail: EventScripts
  readonly at: KeyStatements
  readonly rules: RuleStatements
  readonly change: Change
}

function createEndings(parts: EndingParts): Pick<KeyCatalog, 'revoke' | 'revokeChosen'> {
  const { engine, epoch, trail, at, rules, change } = parts
  function* end(ids: readonly string[], nowMs: number, by: ChangeRights['by']): Script<number> {
    let ended = 0
    for (const id of new Set(ids)) {
      const count =
        (yield* at.revokeApiKey.run({ id, nowMs })) + (yield* at.revokeAccessKey.run({ id, nowMs }))
      if (count > 0) yield* trail.record(by, { kind: 'key.revoked', target: id })
      ended += count
    }
    return ended
  }
  return {
    revoke: (ids, nowMs, rights) =>
      change(rights, () => end(ids, nowMs, rights?.by), { isUrgent: true }),
    revokeChosen: (choose, rights) =>
      engine.write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const rows = [...(yield* at.apiKeyMakers.all({})), ...(yield* at.accessKeyMakers.all({}))]
          const ending = choose(rows)
          yield* end(ending.ids, ending.nowMs, rights?.by)
          for (const rule of ending.rules) {
            yield* rules.put.run(revocations.toStored(rule))
            yield* trail.record(rights?.by, swept(rule))
          }
          yield* epoch.advance()
          return ending
        },
        { isUrgent: true },
      ),
  }
}

function createRules(
  { read }: SqlEngine,
  rules: RuleStatements,
  change: Change,
): Pick<KeyCatalog, 'revokeBefore' | 'listRevocations' | 'removeRevocation' | 'forgetRevocations'> {
  return {
    revokeBefore: async (revocation, rights) => {
      const row = revocations.toStored(revocation)
      const options = { isUrgent: true, note: swept(revocation) }
      return said('revoked', await change(rights, () => once(rules.put, row), options))
    },
    listRevocations: (after, limit) =>
      read(function* () {
        const from = after === null ? '' : justAfter(after)
        return (yield* rules.from.all({ from, limit })).map((row) => revocations.toRecord(row))
      }),
    removeRevocation: async (scope, rights) =>
      isAny(
        await change(rights, () => once(rules.remove, { scope }), {
          note: { kind: 'sweep.removed', ...placeOf(scope) },
        }),
      ),
    forgetRevocations: async (nowMs) => {
      const forgotten = await change(null, () => once(rules.forget, { nowMs }), {
        isUrgent: true,
      })
      return forgotten === 'epoch-changed' ? 0 : forgotten
    },
  }
}

function said<Word extends string>(
  word: Word,
  changed: number | 'epoch-changed',
): Word | 'epoch-changed' {
  return changed === 'epoch-changed' ? changed : word
}

function isAny(changed: number | 'epoch-changed'): boolean | 'epoch-changed' {
  return changed === 'epoch-changed' ? changed : changed > 0
}

type MadeKey = Pick<ApiKeyRecord, 'id' | 'name' | 'scope' | 'createdBy' | 'expiresAt'>

function created({ id, name, scope, createdBy, expiresAt }: MadeKey, type: string): ChangeNote {
  return { kind: 'key.created', target: id, detail: { type, name, scope, createdBy, expiresAt } }
}

function swept({ scope, notBefore }: RevocationRecord): ChangeNote {
  return { kind: 'links.swept', ...placeOf(scope), detail: { notBefore } }
}

/** A sweep of a place stands under it; one of a key or of everything has none. */
function placeOf(scope: string): Pick<ChangeNote, 'path' | 'target'> {
  const path = /^(?:file|folder):(.*)$/s.exec(scope)?.[1]
  const keyId = /^key:(.*)$/s.exec(scope)?.[1]
  return { ...(path !== undefined && { path }), ...(keyId !== undefined && { target: keyId }) }
}
