/** Lets go of the records of links that have been over for long, or are too many. */
import { MAX_EXPIRES_SECONDS } from '../platform/s3-limits.ts'
import type { Stores } from './stores.ts'
import { DAY_MS, SECOND_MS } from '../platform/durations.ts'
import { inBatches } from './in-batches.ts'

/** How long they are kept; the settings have the same names. */
export interface LinkRetention {
  readonly linkDays: number
  readonly maxLinks: number
}

/** Few enough that no request waits long behind one batch. */
const BATCH = 100
/**
 * A record may end before what was signed does: it was shortened, or written by what has become usual since. While a signature may hold, the record
 * says that the link is over; and a day longer, as what came in on it in time may go on, and a clock may be set back.
 */
const OVER_FOR_MS = MAX_EXPIRES_SECONDS * SECOND_MS + DAY_MS

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
