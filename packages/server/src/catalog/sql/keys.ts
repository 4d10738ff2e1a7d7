/** Keys and revocations. Every change moves the epoch, which is how other processes learn of it. */
import type { KeyCatalog } from '../catalog.ts'
import { justAfter } from '../key-order.ts'
import { accessKeys, apiKeys, revocations } from '../tables/keys.ts'
import type { EpochScripts } from './epoch.ts'
import { prepareKeyStatements, prepareRuleStatements } from './key-statements.ts'
import type { RuleStatements } from './key-statements.ts'
import { once } from './script.ts'
import type { Script, SqlEngine } from './script.ts'

/** Runs a change and moves the epoch if it changed a row; how many. */
type Change = (work: () => Script<number>, isUrgent?: boolean) => Promise<number>

export function createKeyCatalog(engine: SqlEngine, epoch: EpochScripts): KeyCatalog {
  const at = prepareKeyStatements(engine)
  const rules = prepareRuleStatements(engine)
  const change: Change = (work, isUrgent = false) =>
    engine.write(
      function* () {
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
    insertApiKey: async (key) => {
      await change(() => once(at.insertApiKey, apiKeys.toStored(key)))
    },
    insertAccessKey: async (key) => {
      await change(() => once(at.insertAccessKey, accessKeys.toStored(key)))
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
      (await change(() => once(at.setSigningKeyState, { id, state }), true)) > 0,
    ...createRules(engine, rules, change),
  }
}

function createRules(
  { read }: SqlEngine,
  rules: RuleStatements,
  change: Change,
): Pick<KeyCatalog, 'revokeBefore' | 'listRevocations' | 'removeRevocation' | 'forgetRevocations'> {
  return {
    revokeBefore: async (revocation) => {
      await change(() => once(rules.put, revocations.toStored(revocation)), true)
    },
    listRevocations: (after, limit) =>
      read(function* () {
        const from = after === null ? '' : justAfter(after)
        return (yield* rules.from.all({ from, limit })).map((row) => revocations.toRecord(row))
      }),
    removeRevocation: async (scope) => (await change(() => once(rules.remove, { scope }))) > 0,
    forgetRevocations: (nowMs) => change(() => once(rules.forget, { nowMs }), true),
  }
}
