/**
 * When keys were used last, to the minute: noted in memory and written together a moment later, so that a request of a key
 * writes nothing.
 */
import type { KeyCatalog } from '../../catalog/catalog.ts'
import type { Log } from '../../platform/log.ts'

/** What came sooner after what was noted tells nobody anything. */
const STEP_MS = 60_000

export interface KeyUses {
  note(id: string, nowMs: number): void
  /** Writes what was noted; what cannot be written is noted again by the next use. To be called every second, and at the end. */
  flush(): Promise<void>
}

export function createKeyUses(options: {
  readonly keys: Pick<KeyCatalog, 'noteUses'>
  readonly log: Pick<Log, 'warn'>
}): KeyUses {
  const { keys, log } = options
  /** Of each key that was used since the start, which are no more than there are keys. */
  const noted = new Map<string, number>()
  let unwritten = new Map<string, number>()

  return {
    note(id, nowMs) {
      const last = noted.get(id)
      if (last !== undefined && nowMs - last < STEP_MS) return
      noted.set(id, nowMs)
      unwritten.set(id, nowMs)
    },
    async flush() {
      if (unwritten.size === 0) return
      const written = unwritten
      unwritten = new Map()
      try {
        await keys.noteUses([...written].map(([id, usedAt]) => ({ id, usedAt })))
      } catch (error) {
        log.warn({ err: error, keys: written.size }, 'uses of keys could not be written')
        for (const id of written.keys()) noted.delete(id)
      }
    },
  }
}
