/** Aborts uploads that nobody has sent a part to for as long as they live, and with them gives their parts back. */
import type { Stores } from './stores.ts'

/** An upload may have ten thousand parts, which go in one transaction. */
const BATCH = 20
const FORGET_BATCH = 1000

/** Resolves to how many uploads went. What is remembered of finished ones goes with them when its time is over. */
export async function reapUploads(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  signal: AbortSignal,
): Promise<number> {
  const { uploads } = catalog
  let reaped = 0
  while (!signal.aborted) {
    const due = await uploads.due(clock.now(), BATCH)
    if (due.length === 0) break
    for (const { id } of due) {
      const { outcome } = await uploads.abort(id, clock.now(), { epoch: null, ifIdle: true })
      if (outcome === 'aborted') reaped += 1
    }
  }
  while (!signal.aborted && (await uploads.forgetFinished(clock.now(), FORGET_BATCH)) > 0);
  return reaped
}
