/**
 * Keeps every blob where it is while somebody copies all of them: no sweep deletes anything, whichever process runs it. It is a lease
 * that is made longer again and again, so that nothing is held back for long by a process that was killed.
 */
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../platform/clock.ts'
import { SECOND_MS } from '../platform/durations.ts'
import { createId } from '../platform/ids.ts'
import type { Random } from '../platform/random.ts'
import { storeUnavailable } from '../platform/store-errors.ts'

export interface SweepHold {
  /** Throws a StoreError if it ran out in between: what was there may be gone. */
  requireHeld(): void
  release(): Promise<void>
}

export interface HoldSources {
  readonly processes: Pick<Catalog['processes'], 'lease' | 'release'>
  readonly clock: Clock
  readonly random: Random
}

/** What begins so holds the sweep (catalog/sql/processes.ts). */
const TASK = 'keep:'
const LASTS_MS = 120 * SECOND_MS
const EVERY_MS = 10 * SECOND_MS

export async function holdSweep({ processes, clock, random }: HoldSources): Promise<SweepHold> {
  const task = createId(random, TASK)
  let endsAt = 0
  let isLost = false

  async function extend(): Promise<void> {
    const nowMs = clock.now()
    if (endsAt !== 0 && nowMs >= endsAt) isLost = true
    const lease = { task, holder: task, endsAt: nowMs + LASTS_MS }
    await processes.lease(lease, nowMs)
    endsAt = lease.endsAt
  }

  await extend()
  // What fails now is tried again at the next time, and found by `requireHeld` if it fails for too long.
  const timer = setInterval(() => void extend().catch(() => undefined), EVERY_MS)
  timer.unref()
  return {
    requireHeld() {
      if (!isLost && clock.now() < endsAt) return
      throw storeUnavailable(
        'The catalog did not answer for two minutes, and what was to be copied may have been deleted meanwhile. Run the command again.',
      )
    },
    async release() {
      clearInterval(timer)
      await processes.release({ task, holder: task })
    },
  }
}
