/** The catalog in this process's memory: for tests and for trying things out. Nothing survives a restart. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Catalog, SweepCatalog } from '../catalog.ts'
import { createMemoryBuckets, createMemoryFiles, createMemoryFolders } from './memory-files.ts'
import { createMemoryGrants } from './memory-grants.ts'
import { createMemoryKeys } from './memory-keys.ts'
import { createMemoryState } from './memory-state.ts'
import type { MemoryState } from './memory-state.ts'

export function createMemoryCatalog(clock: Clock = systemClock): Catalog {
  const state = createMemoryState(clock)
  return {
    files: createMemoryFiles(state),
    buckets: createMemoryBuckets(state),
    folders: createMemoryFolders(state),
    grants: createMemoryGrants(state),
    keys: createMemoryKeys(state),
    sweep: createMemorySweep(state),
    close: () => Promise.resolve(),
  }
}

function createMemorySweep(state: MemoryState): SweepCatalog {
  return {
    due: async (queuedBeforeMs, isInline, limit) =>
      [...state.sweepList.values()]
        .filter((queued) => queued.isInline === isInline && queued.queuedAt < queuedBeforeMs)
        .toSorted((a, b) => a.queuedAt - b.queuedAt)
        .slice(0, limit)
        .map(({ blobId }) => blobId),
    done: async (blobIds) => {
      for (const blobId of blobIds) {
        state.sweepList.delete(blobId)
        state.inlineBlobs.delete(blobId)
      }
    },
    isKnown: async (blobId) =>
      state.sweepList.has(blobId) ||
      [...state.files.values()].some((file) => file.blobId === blobId),
  }
}
