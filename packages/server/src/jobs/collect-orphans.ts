/**
 * Deletes blobs that the catalog does not know: a crash after the bytes came to rest and before a version existed leaves
 * one, and so does a commit of which nobody could say what became of it. Young blobs are left alone, because their version
 * may be about to exist.
 */
import { SWEEP_GRACE_MS } from '../core/limits.ts'
import type { Stores } from './stores.ts'

/** Resolves to how many blobs went. */
export async function collectOrphans(
  { catalog, blobs, clock }: Stores,
  signal: AbortSignal,
): Promise<number> {
  const writtenBeforeMs = clock.now() - SWEEP_GRACE_MS
  let removed = 0
  for await (const { blobId, writtenAtMs } of blobs.list()) {
    if (signal.aborted || (await catalog.processes.isKept(clock.now()))) break
    if (writtenAtMs >= writtenBeforeMs || (await catalog.sweep.isKnown(blobId))) continue
    await blobs.delete(blobId)
    removed += 1
  }
  return removed
}
