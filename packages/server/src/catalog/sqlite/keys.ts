/** Keys and revocations. Every change moves the epoch, which is how other processes learn of it. */
import type { KeyCatalog, KeySnapshot } from '../catalog.ts'
import { read } from './connection.ts'
import type { Connection } from './connection.ts'
import { toAccessKeyRecord, toAccessKeyRow, toApiKeyRecord, toApiKeyRow } from './key-rows.ts'
import { prepareKeyStatements } from './key-statements.ts'

export function createKeyCatalog({ db, commit }: Connection): KeyCatalog {
  const statements = prepareKeyStatements(db)

  /** Runs a change and moves the epoch if it changed a row. */
  function change(work: () => number): Promise<boolean> {
    return commit.write(() => {
      const changed = work() > 0
      if (changed) statements.nextEpoch.run({})
      return changed
    })
  }

  const readEpoch = (): number => statements.epoch.get({})?.value ?? 0

  /** One read transaction, so that the epoch and the rows belong together. */
  const snapshot = db.transaction((): KeySnapshot => ({
    epoch: readEpoch(),
    accessKeys: statements.accessKeys.all({}).map(toAccessKeyRecord),
    apiKeys: statements.apiKeys.all({}).map(toApiKeyRecord),
    revocations: statements.revocations
      .all({})
      .map((row) => ({ scope: row.scope, notBefore: row.not_before })),
  }))

  return {
    epoch: () => read(readEpoch),
    snapshot: () => read(() => snapshot()),
    insertApiKey: async (key) => {
      await change(() => statements.insertApiKey.run(toApiKeyRow(key)))
    },
    insertAccessKey: async (key) => {
      await change(() => statements.insertAccessKey.run(toAccessKeyRow(key)))
    },
    revoke: (id, nowMs) =>
      change(
        () =>
          statements.revokeApiKey.run({ id, nowMs }) +
          statements.revokeAccessKey.run({ id, nowMs }),
      ),
    setSigningKeyState: (id, state) =>
      change(() => statements.setSigningKeyState.run({ id, state })),
    revokeBefore: async ({ scope, notBefore }) => {
      await change(() => statements.revokeBefore.run({ scope, not_before: notBefore }))
    },
  }
}
