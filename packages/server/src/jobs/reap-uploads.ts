/** Aborts uploads that nobody has sent a part to for as long as they live, and with them gives their parts back. */
import type { Stores } from './stores.ts'

/** An upload may have ten thousand parts, which go in one transaction. */
const BATCH = 20

/** Resolves to how many uploads went. */
export async function reapUploads(
  { catalog, clock }: Pick<Stores, 'catalog' | 'clock'>,
  signal: AbortSignal,
): Promise<number> {
  let reaped = 0
  while (!signal.aborted) {
    const due = await catalog.uploads.due(clock.now(), BATCH)
    if (due.length === 0) break
    for (const { id } of due) if (await catalog.uploads.abort(id, clock.now())) reaped += 1
  }
  return reaped
}
