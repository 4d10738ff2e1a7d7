/**
 * Says in the catalog, again and again, that this process lives and what it is reading: what processes on other machines go by before
 * they delete anything, and before they give up its answers. And, in one process, clears away after those that are silent.
 */
import type { Catalog } from '../catalog/catalog.ts'
import type { CoreContext } from '../core/context.ts'
import type { Clock } from '../platform/clock.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Timers } from './schedule.ts'

const EVERY_MS = 5000
/** Who was not heard of for this long is taken for dead. */
export const LOST_MS = 30_000

export interface Forgetting {
  readonly catalog: Pick<Catalog, 'grants' | 'processes'>
  readonly clock: Clock
}

export type Beating = Forgetting & Pick<CoreContext, 'log'>

export interface Heart {
  /** Resolves when it is known to others that this process lives. */
  start(): Promise<void>
  /** When no answer is under way any more. */
  stop(): Promise<void>
}

/** What this process is reading. */
export interface Holds {
  all(): Iterable<string>
  heldAmong(contentIds: readonly string[]): readonly string[]
}

export interface HeartOptions {
  readonly processId: string
  readonly holds: Holds
  readonly timers?: Timers
}

export function createHeart(
  stores: Beating,
  { processId, holds, timers = systemTimers }: HeartOptions,
): Heart {
  const { catalog, clock, log } = stores
  let before: readonly string[] = []
  let stopBeating = (): Promise<void> => Promise.resolve()

  /** What is read quickly is not worth a row: nothing is deleted within a minute of its end. */
  async function beat(): Promise<void> {
    const now = new Set(holds.all())
    const held = before.filter((id) => now.has(id))
    before = [...now]
    await catalog.processes.beat(processId, clock.now(), held)
  }

  async function attempt(): Promise<void> {
    try {
      await beat()
    } catch (error) {
      log.warn({ err: error }, 'this process could not say that it lives')
    }
  }

  return {
    async start() {
      await beat()
      const schedule = startSchedule(
        { firstAfterMs: EVERY_MS, everyMs: EVERY_MS, run: attempt },
        timers,
      )
      stopBeating = () => schedule.stop()
    },
    async stop() {
      await stopBeating()
      try {
        await forgetProcess(stores, processId)
      } catch (error) {
        log.warn({ err: error }, 'this process could not say that it ends')
      }
    },
  }
}

/** Ends the answers of a process that is no more, and frees what it held; whoever was reading may come back. */
export async function forgetProcess(
  { catalog, clock }: Forgetting,
  processId: string,
): Promise<void> {
  // First, so that a crash in between leaves it to be found again.
  await catalog.grants.abandonReadings(processId, clock.now())
  await catalog.processes.forget(processId)
}

/** Resolves to how many were found. */
export async function forgetLost(stores: Forgetting): Promise<number> {
  const lost = await stores.catalog.processes.findLost(stores.clock.now() - LOST_MS)
  for (const processId of lost) await forgetProcess(stores, processId)
  return lost.length
}
