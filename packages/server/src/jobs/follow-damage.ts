/** Asks again and again which blobs are damaged, for a process that serves them. */
import type { Log } from '../platform/log.ts'
import type { Metrics } from '../platform/metrics.ts'
import { SECOND_MS } from '../platform/durations.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule } from './schedule.ts'

export interface FollowDamageOptions {
  readonly damaged: { refresh(): Promise<void>; readonly count: number }
  readonly metrics: Pick<Metrics, 'showDamaged'>
  readonly log: Pick<Log, 'warn'>
}

/** Resolves once they are known. */
export async function startFollowingDamage(options: FollowDamageOptions): Promise<Schedule> {
  const { damaged, metrics, log } = options
  async function look(): Promise<void> {
    await damaged.refresh()
    metrics.showDamaged(damaged.count)
  }
  await look()
  const run = async (): Promise<void> => {
    try {
      await look()
    } catch (error) {
      log.warn(
        { err: error },
        'which blobs are damaged could not be asked for; known are those of before',
      )
    }
  }
  return startSchedule({ firstAfterMs: SECOND_MS, everyMs: SECOND_MS, run }, systemTimers)
}
