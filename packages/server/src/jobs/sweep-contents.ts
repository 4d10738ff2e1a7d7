/**
 * Deletes contents that nobody has referred to for long enough and nobody reads. A blob goes first and its place on the list
 * after it, so that a crash in between only repeats a delete.
 */
import { SWEEP_GRACE_MS } from '../core/limits.ts'
import type { Stores } from './stores.ts'

/** Longer than it takes from looking a file up to opening it; from then on the reader holds what it will read. */
const INLINE_GRACE_MS = 60_000
/** With less room than this, what was deleted is given back as early. */
const PRESSURE_BYTES = 256 * 1024 * 1024
const PRESSED_GRACE_MS = 60_000
/** Few enough that no request waits long behind one batch. */
const BATCH = 200

type Swept = Pick<Stores, 'catalog' | 'blobs' | 'clock' | 'heldAmong'>

/** Resolves to how many contents went. Throws what the stores throw; what is left is swept next time. */
export async function sweepContents(stores: Swept, signal: AbortSignal): Promise<number> {
  const inline = await sweep(stores, { kind: 'inline', graceMs: INLINE_GRACE_MS, signal })
  const graceMs = (await isPressed(stores)) ? PRESSED_GRACE_MS : SWEEP_GRACE_MS
  const stored = await sweep(stores, { kind: 'blob', graceMs, signal })
  return inline + stored
}

async function isPressed({ blobs }: Swept): Promise<boolean> {
  return blobs.freeBytes !== null && (await blobs.freeBytes()) < PRESSURE_BYTES
}

interface Sweep {
  readonly kind: 'inline' | 'blob'
  readonly graceMs: number
  readonly signal: AbortSignal
}

async function sweep({ catalog, blobs, clock, heldAmong }: Swept, round: Sweep): Promise<number> {
  let swept = 0
  while (!round.signal.aborted) {
    const queuedBeforeMs = clock.now() - round.graceMs
    const due = await catalog.sweep.due(queuedBeforeMs, round.kind, BATCH)
    if (due.length === 0) break
    const held = await heldAmong(due)
    // A process that does not answer may be reading any of them.
    if (held === null) break
    // Asked after them: of what somebody keeps from here on, none is due.
    if (await catalog.processes.isKept(clock.now())) break
    const free = due.filter((id) => !held.includes(id))
    if (round.kind === 'blob') await Promise.all(free.map((blobId) => blobs.delete(blobId)))
    await catalog.sweep.done(free)
    await catalog.sweep.postpone(held, clock.now())
    swept += free.length
  }
  return swept
}
