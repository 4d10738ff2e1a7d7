/** Keys and revocations of the memory catalog. */
import { storeConflict } from '../../platform/store-errors.ts'
import type { KeyCatalog } from '../catalog.ts'
import type { MemoryState } from './memory-state.ts'

interface Keyed {
  readonly id: string
  readonly revokedAt: number | null
}

export function createMemoryKeys(state: MemoryState): KeyCatalog {
  function insert<Key extends Keyed>(keys: Map<string, Key>, key: Key): void {
    if (keys.has(key.id)) throw storeConflict('The catalog holds such a key already.')
    keys.set(key.id, key)
    state.epoch += 1
  }

  function revoke<Key extends Keyed>(
    keys: Map<string, Key>,
    id: string,
    revokedAt: number,
  ): boolean {
    const key = keys.get(id)
    if (key === undefined || key.revokedAt !== null) return false
    keys.set(id, { ...key, revokedAt })
    state.epoch += 1
    return true
  }

  return {
    epoch: async () => state.epoch,
    snapshot: async () => ({
      epoch: state.epoch,
      accessKeys: [...state.accessKeys.values()],
      apiKeys: [...state.apiKeys.values()],
      revocations: Array.from(state.revocations, ([scope, notBefore]) => ({ scope, notBefore })),
    }),
    insertApiKey: async (key) => insert(state.apiKeys, key),
    insertAccessKey: async (key) => insert(state.accessKeys, key),
    revoke: async (id, nowMs) =>
      revoke(state.apiKeys, id, nowMs) || revoke(state.accessKeys, id, nowMs),
    setSigningKeyState: async (id, keyState) => {
      const key = state.accessKeys.get(id)
      if (key?.kind !== 'signing') return false
      state.accessKeys.set(id, { ...key, state: keyState })
      state.epoch += 1
      return true
    },
    revokeBefore: async ({ scope, notBefore }) => {
      state.revocations.set(scope, Math.max(notBefore, state.revocations.get(scope) ?? 0))
      state.epoch += 1
    },
  }
}
