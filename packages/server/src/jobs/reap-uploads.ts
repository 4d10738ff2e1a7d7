/** Aborts uploads that nobody has sent a part to for as long as they live, and with them gives their parts back. */
import { StoreError } from '../platform/store-errors.ts'
import type { FileTree } from '../trees/file-tree.ts'
import type { Stores } from './stores.ts'

export interface Reaping extends Pick<Stores, 'clock'> {
  readonly catalog: Pick<Stores['catalog'], 'uploads'>
  readonly files: Pick<FileTree, 'uploads'>
}

/** An upload may have ten thousand parts, which go in one transaction. */
const BATCH = 20
const FORGET_BATCH = 1000

/**
 * Resolves to how many uploads went. Those into a store that does not answer wait until it does. What is remembered of finished ones
 * goes with them when its time is over.
 */
export async function reapUploads(
  { catalog, files, clock }: Reaping,
  signal: AbortSignal,
): Promise<number> {
  const { uploads } = catalog
  const waiting = new Set<string>()
  let reaped = 0
  while (!signal.aborted) {
    const due = await uploads.due(clock.now(), BATCH + waiting.size)
    const next = due.filter(({ id }) => !waiting.has(id))
    if (next.length === 0) break
    for (const { id } of next) {
      const outcome = await abortIdle(files, id)
      if (outcome === 'aborted') reaped += 1
      if (outcome === 'store-away') waiting.add(id)
    }
  }
  while (!signal.aborted && (await uploads.forgetFinished(clock.now(), FORGET_BATCH)) > 0);
  return reaped
}

async function abortIdle(files: Reaping['files'], uploadId: string): Promise<string> {
  const conditions = () => Promise.resolve({ epoch: null, ifIdle: true })
  try {
    return (await files.uploads.abort({ uploadId, conditions })).outcome
  } catch (error) {
    if (error instanceof StoreError && error.fault === 'unavailable') return 'store-away'
    throw error
  }
}
