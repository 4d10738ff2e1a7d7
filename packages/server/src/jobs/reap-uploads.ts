/** Aborts uploads that nobody has sent a part to for as long as they live, and with them gives their parts back. */
import { isOutOfReach } from '../platform/store-errors.ts'
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
 * Resolves to how many uploads went. Those into a bucket whose store does not answer, or fails otherwise, wait until the next time, and
 * no others do. What is remembered of finished ones goes with them when its time is over. Throws what failed, at the end.
 */
export async function reapUploads(
  { catalog, files, clock }: Reaping,
  signal: AbortSignal,
): Promise<number> {
  const { uploads } = catalog
  const waiting = new Set<string>()
  const buckets = new Set<string>()
  const failures: unknown[] = []
  let reaped = 0
  while (!signal.aborted) {
    const due = await uploads.due(clock.now(), BATCH + waiting.size)
    const next = due.filter(({ id }) => !waiting.has(id))
    if (next.length === 0) break
    for (const { id, bucket } of next) {
      // Asked once a round: one that does not answer takes its time to say so.
      if (buckets.has(bucket)) {
        waiting.add(id)
        continue
      }
      try {
        if (await abortIdle(files, id)) reaped += 1
      } catch (error) {
        waiting.add(id)
        buckets.add(bucket)
        if (!isOutOfReach(error)) failures.push(error)
      }
    }
  }
  while (!signal.aborted && (await uploads.forgetFinished(clock.now(), FORGET_BATCH)) > 0);
  if (failures.length > 0) throw failures[0]
  return reaped
}

async function abortIdle(files: Reaping['files'], uploadId: string): Promise<boolean> {
  const conditions = () => Promise.resolve({ epoch: null, ifIdle: true })
  return (await files.uploads.abort({ uploadId, conditions })).outcome === 'aborted'
}
