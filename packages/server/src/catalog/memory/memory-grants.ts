/** Grants of the memory catalog. */
import { storeConflict } from '../../platform/store-errors.ts'
import type { GrantCatalog, WriteConditions } from '../catalog.ts'
import { fileName } from './memory-state.ts'
import type { MemoryState } from './memory-state.ts'

export function useGrant(
  state: MemoryState,
  { id, nowMs, clientIp }: NonNullable<WriteConditions['useGrant']>,
): boolean {
  const grant = state.grants.get(id)
  if (grant === undefined || grant.revokedAt !== null || grant.expiresAt <= nowMs) return false
  if (grant.maxUses !== null && grant.uses >= grant.maxUses) return false
  const used = { uses: grant.uses + 1, lastUsedAt: nowMs, lastUsedIp: clientIp }
  state.grants.set(id, { ...grant, ...used })
  return true
}

export function createMemoryGrants(state: MemoryState): GrantCatalog {
  return {
    find: async (id) => state.grants.get(id) ?? null,
    insert: async (grant) => {
      if (state.grants.has(grant.id)) throw storeConflict('The catalog holds such a grant already.')
      state.grants.set(grant.id, grant)
    },
    list: async (pathPrefix, before, limit) => {
      const newestFirst = [...state.grants.values()].toReversed()
      const start = before === null ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1
      if (before !== null && start === 0) return []
      return newestFirst
        .slice(start)
        .filter(({ bucket, key }) => fileName(bucket, key).startsWith(pathPrefix))
        .slice(0, limit)
    },
    revoke: async (id, nowMs) => {
      const grant = state.grants.get(id)
      if (grant === undefined || grant.revokedAt !== null) return false
      state.grants.set(id, { ...grant, revokedAt: nowMs })
      return true
    },
    use: async (id, nowMs, clientIp) => useGrant(state, { id, nowMs, clientIp }),
  }
}
