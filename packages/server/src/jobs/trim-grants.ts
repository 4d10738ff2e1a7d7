/** Lets go of the records of links that have been over for long, or are too many. */
import type { Stores } from './stores.ts'
import { DAY_MS } from '../platform/durations.ts'
import { inBatches } from './in-batches.ts'

/** How long they are kept; the settings have the same names. */
export interface LinkRetention {
  readonly linkDays: number
  readonly maxLinks: number
}

/** Few enough that no request waits long behind one batch. */
const BATCH = 100
/** What came in on a link in time may go on for a day, and a clock may be set back: until then its record says that it was revoked or used up. */
const OVER_FOR_MS = DAY_MS

/** Resolves to how many went. */
export function trimGrants(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  { linkDays, maxLinks: most }: LinkRetention,
  signal: AbortSignal,
): Promise<number> {
  const now = clock.now()
  const bounds = { oldBeforeMs: now - linkDays * DAY_MS, overBeforeMs: now - OVER_FOR_MS, most }
  return inBatches({ signal, size: BATCH }, (limit) => catalog.grants.forget({ ...bounds, limit }))
}
