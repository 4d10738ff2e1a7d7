/** Files grants whose time has run out where a list of expired ones finds them. */
import type { Stores } from './stores.ts'

/** Few enough that no request waits long behind one batch. */
const BATCH = 100

/** Resolves to how many grants there were. */
export async function expireGrants(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  signal: AbortSignal,
): Promise<number> {
  let expired = 0
  while (!signal.aborted) {
    const count = await catalog.grants.expire(clock.now(), BATCH)
    expired += count
    if (count < BATCH) break
  }
  return expired
}
