/** Keys and revocations. Every change moves the epoch, which is how other processes learn of it. */
import type { ChangeRights, Changed, KeyCatalog } from '../catalog.ts'
import { justAfter } from '../key-order.ts'
import { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { EpochScripts } from './epoch.ts'
import { prepareKeyStatements, prepareRuleStatements } from './key-statements.ts'
import type { KeyStatements, RuleStatements } from './key-statements.ts'
import { once } from './script.ts'
import type { Script, SqlEngine } from './script.ts'

/** Runs a change if the rights allow it, and moves the epoch if it changed a row; how many. */
type Change = (
  rights: ChangeRights | null,
  work: () => Script<number>,
  isUrgent?: boolean,
) => Changed<number>

export function createKeyCatalog(engine: SqlEngine, epoch: EpochScripts): KeyCatalog {
  const at = prepareKeyStatements(engine)
  const rules = prepareRuleStatements(engine)
  const change: Change = (rights, work, isUrgent = false) =>
    engine.write(
      function* () {
        if (!(yield* epoch.allows(rights))) return 'epoch-changed'
        const changed = yield* work()
        if (changed > 0) yield* epoch.advance()
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
    insertApiKey: async (key, rights) =>
      said('inserted', await change(rights, () => once(at.insertApiKey, apiKeys.toStored(key)))),
    insertAccessKey: async (key, rights) => {
      const row = accessKeys.toStored(key)
      return said('inserted', await change(rights, () => once(at.insertAccessKey, row)))
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
          true,
        ),
      ),
    setDisabled: async (id, disabledAt, rights) =>
      isAny(await change(rights, () => once(at.setDisabled, { id, disabledAt }), true)),
    noteUses: (uses) =>
      engine.write(function* () {
        for (const use of uses) yield* at.noteUse.run(use)
      }),
    setSigningKeyState: async (id, state, rights) =>
      isAny(await change(rights, () => once(at.setSigningKeyState, { id, state }), true)),
    ...createEndings({ engine, epoch, at, rules, change }),
    ...createRules(engine, rules, change),
  }
}

interface EndingParts {
  readonly engine: SqlEngine
  readonly epoch: EpochScripts
  readonly at: KeyStatements
  readonly rules: RuleStatements
  readonly change: Change
}

function createEndings(parts: EndingParts): Pick<KeyCatalog, 'revoke' | 'revokeChosen'> {
  const { engine, epoch, at, rules, change } = parts
  return {
    revoke: (ids, nowMs, rights) => change(rights, () => revoke(at, ids, nowMs), true),
    revokeChosen: (choose, rights) =>
      engine.write(
        function* () {
          if (!(yield* epoch.allows(rights))) return 'epoch-changed'
          const rows = [...(yield* at.apiKeyMakers.all({})), ...(yield* at.accessKeyMakers.all({}))]
          const ending = choose(rows)
          yield* revoke(at, ending.ids, ending.nowMs)
          for (const rule of ending.rules) yield* rules.put.run(revocations.toStored(rule))
          yield* epoch.advance()
          return ending
        },
        { isUrgent: true },
      ),
  }
}

function* revoke(at: KeyStatements, ids: readonly string[], nowMs: number): Script<number> {
  let ended = 0
  for (const id of new Set(ids)) {
    ended += yield* at.revokeApiKey.run({ id, nowMs })
    ended += yield* at.revokeAccessKey.run({ id, nowMs })
  }
  return ended
}

function createRules(
  { read }: SqlEngine,
  rules: RuleStatements,
  change: Change,
): Pick<KeyCatalog, 'revokeBefore' | 'listRevocations' | 'removeRevocation' | 'forgetRevocations'> {
  return {
    revokeBefore: async (revocation, rights) => {
      const row = revocations.toStored(revocation)
      return said('revoked', await change(rights, () => once(rules.put, row), true))
    },
    listRevocations: (after, limit) =>
      read(function* () {
        const from = after === null ? '' : justAfter(after)
        return (yield* rules.from.all({ from, limit })).map((row) => revocations.toRecord(row))
      }),
    removeRevocation: async (scope, rights) =>
      isAny(await change(rights, () => once(rules.remove, { scope }))),
    forgetRevocations: async (nowMs) => {
      const forgotten = await change(null, () => once(rules.forget, { nowMs }), true)
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
