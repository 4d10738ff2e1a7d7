/** Asks again and again whether the catalog was copied elsewhere, and tells once that it was. */
import type { Catalog } from '../catalog/catalog.ts'
import { MOVED } from '../catalog/process-steps.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule } from './schedule.ts'

const EVERY_MS = 250

export function startWatchingMove(
  processes: Pick<Catalog['processes'], 'standing'>,
  onMoved: (name: string) => void,
): Schedule {
  async function run(): Promise<void> {
    try {
      const moved = await processes.standing(MOVED)
      if (moved !== null) onMoved(moved.holder)
    } catch {
      // A catalog that does not answer was not moved; whoever reads or writes says so already.
    }
  }
  return startSchedule({ firstAfterMs: EVERY_MS, everyMs: EVERY_MS, run }, systemTimers)
}
