/** Files grants whose time has run out where a list of expired ones finds them. */
import { inBatches } from './in-batches.ts'
import type { Stores } from './stores.ts'

/** Few enough that no request waits long behind one batch. */
const BATCH = 100

/** Resolves to how many grants there were. */
export function expireGrants(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  signal: AbortSignal,
): Promise<number> {
  return inBatches({ signal, size: BATCH }, (limit) => catalog.grants.expire(clock.now(), limit))
}
