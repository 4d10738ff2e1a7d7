/** Lets go of events that are older or more than are kept. */
import type { Stores } from './stores.ts'
import { DAY_MS } from '../platform/durations.ts'

/** How long events are kept; the settings have the same names. */
export interface Retention {
  readonly eventDays: number
  readonly auditDays: number
  readonly maxEvents: number
}

/** Few enough that no request waits long behind one batch. */
const BATCH = 200

/** Resolves to how many went. */
export async function trimEvents(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  { eventDays, auditDays, maxEvents }: Retention,
  signal: AbortSignal,
): Promise<number> {
  const now = clock.now()
  const usesBeforeMs = now - eventDays * DAY_MS
  const changesBeforeMs = now - auditDays * DAY_MS
  let trimmed = 0
  while (!signal.aborted) {
    const count = await catalog.events.trim({
      usesBeforeMs,
      changesBeforeMs,
      maxEvents,
      limit: BATCH,
    })
    trimmed += count
    if (count === 0) break
  }
  return trimmed
}
