/**
 * Syncs large files while they are still being written: the disk works while bytes arrive, and the sync at the end finds little left.
 * Alone, that last sync would begin when the client has sent everything, because the system holds back what is written for seconds.
 */
import type { FileCalls } from './file-calls.ts'

/** Worth a sync of its own: a tenth of a second of a usual disk. */
export const SYNCED_BYTES: number = 32 * 1024 * 1024

export interface SyncAhead {
  /**
   * Syncs what the file holds by now, or does nothing and gives `undefined` while another file is synced: each sync keeps a thread that
   * readers need too. The file stays open until it resolves; what it rejects with is told by no later sync.
   */
  begin(fd: number): Promise<void> | undefined
}

/** One for all files of a store. */
export function createSyncAhead(calls: Pick<FileCalls, 'sync'>): SyncAhead {
  let isBusy = false
  return {
    begin(fd) {
      if (isBusy) return undefined
      isBusy = true
      return calls.sync(fd).finally(() => {
        isBusy = false
      })
    },
  }
}
