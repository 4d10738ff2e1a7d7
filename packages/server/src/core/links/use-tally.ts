/**
 * Uses and bytes of links, counted in memory and written together a moment later, so that a download without a limit of uses
 * writes nothing. A crash loses what was counted within the last second; limits (`maxUses`) are never counted here.
 */
import type { GrantCatalog, GrantTally } from '../../catalog/catalog.ts'
import type { Log } from '../../platform/log.ts'
import { flushInTurn } from '../flush-in-turn.ts'

/** Links counted at once; those beyond are counted once there is room again, and what they did meanwhile is not. */
const MAX_LINKS = 10_000

export interface UseTally {
  add(tally: GrantTally): void
  /** Writes what was counted. What cannot be written is counted on. To be called every second, and at the end. */
  flush(): Promise<void>
}

export function createUseTally(options: {
  readonly grants: Pick<GrantCatalog, 'count'>
  readonly log: Pick<Log, 'warn'>
}): UseTally {
  const { grants, log } = options
  let counted = new Map<string, GrantTally>()

  function add(tally: GrantTally): void {
    const known = counted.get(tally.id)
    if (known === undefined && counted.size >= MAX_LINKS) return
    counted.set(tally.id, known === undefined ? tally : sum(known, tally))
  }

  async function write(): Promise<void> {
    const written = counted
    counted = new Map()
    try {
      await grants.count([...written.values()])
    } catch (error) {
      log.warn({ err: error, links: written.size }, 'uses of links could not be written')
      const since = counted
      counted = written
      for (const tally of since.values()) add(tally)
    }
  }

  return {
    add,
    flush: flushInTurn(() => counted.size === 0, write),
  }
}

function sum(earlier: GrantTally, later: GrantTally): GrantTally {
  return { ...later, uses: earlier.uses + later.uses, bytes: earlier.bytes + later.bytes }
}
