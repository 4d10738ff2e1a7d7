/** Writes down what requests counted and noted in memory. In every process: each has what it answered itself. */
import type { CoreContext } from '../core/context.ts'
import { startSchedule, systemTimers } from './schedule.ts'

export type Counted = Pick<CoreContext, 'uses' | 'keyUses' | 'events'>

const EVERY_MS = 500

export interface Counting {
  /** Resolves when everything is written. To be called when no request is under way any more. */
  stop(): Promise<void>
}

export function startCounting(counted: Counted): Counting {
  const run = (): Promise<void> => writeCounted(counted)
  const schedule = startSchedule({ firstAfterMs: EVERY_MS, everyMs: EVERY_MS, run }, systemTimers)
  return {
    async stop() {
      await schedule.stop()
      await run()
    },
  }
}

/** At the same moment: a catalog that makes one transaction of what comes together syncs once for all of it. */
async function writeCounted({ uses, keyUses, events }: Counted): Promise<void> {
  await Promise.all([uses.flush(), keyUses.flush(), events.flush()])
}
