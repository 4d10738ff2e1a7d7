/**
 * Deletes blobs that were replaced or removed long enough ago. The blob goes first and its place on the list after it, so
 * that a crash in between only repeats a delete.
 */
import type { BlobStore } from '../blobs/blob-store.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { SWEEP_GRACE_MS } from '../core/limits.ts'
import type { Clock } from '../platform/clock.ts'

export interface Stores {
  readonly catalog: Catalog
  readonly blobs: BlobStore
  readonly clock: Clock
}

/** Inline bytes are read in one step: nobody holds on to them longer than it takes to look a file up. */
const INLINE_GRACE_MS = 60_000
/** Few enough that no request waits long behind one batch. */
const BATCH = 200

/** Resolves to how many blobs went. Throws what the stores throw; what is left is swept next time. */
export async function sweepBlobs(stores: Stores, signal: AbortSignal): Promise<number> {
  const inline = await sweep(stores, { isInline: true, graceMs: INLINE_GRACE_MS, signal })
  const stored = await sweep(stores, { isInline: false, graceMs: SWEEP_GRACE_MS, signal })
  return inline + stored
}

interface Sweep {
  readonly isInline: boolean
  readonly graceMs: number
  readonly signal: AbortSignal
}

async function sweep({ catalog, blobs, clock }: Stores, round: Sweep): Promise<number> {
  let swept = 0
  while (!round.signal.aborted) {
    const queuedBeforeMs = clock.now() - round.graceMs
    const due = await catalog.sweep.due(queuedBeforeMs, round.isInline, BATCH)
    if (due.length === 0) break
    if (!round.isInline) await Promise.all(due.map((blobId) => blobs.delete(blobId)))
    await catalog.sweep.done(due)
    swept += due.length
  }
  return swept
}
