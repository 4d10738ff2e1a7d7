/** What the server does by itself: clear away what nobody refers to. One process of those that share a data folder does it. */
import { SWEEP_GRACE_MS } from '../core/limits.ts'
import type { Log } from '../platform/log.ts'
import { collectOrphans } from './collect-orphans.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule, Timers } from './schedule.ts'
import { sweepBlobs } from './sweep-blobs.ts'
import type { Stores } from './sweep-blobs.ts'

export interface JobsOptions extends Stores {
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly timers?: Timers
}

export interface Jobs {
  /**
   * Removes what writes that a crash cut off have left, then starts the schedule. To be called before this or
   * another process over the same data accepts a write: all temporary bytes count as left over.
   */
  start(): Promise<void>
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
}

const SWEEP_EVERY_MS = 60_000
const LEFTOVERS_EVERY_MS = 3_600_000
const ORPHANS_EVERY_MS = 86_400_000

type Work = (signal: AbortSignal) => Promise<number>

export function createJobs(options: JobsOptions): Jobs {
  const { blobs, clock, log, timers = systemTimers } = options
  const schedules: Schedule[] = []

  /** A job that fails is reported and tried again at its next time. */
  async function attempt(job: string, work: () => Promise<number>): Promise<void> {
    try {
      const removed = await work()
      if (removed > 0) log.info({ job, removed }, 'cleared away')
    } catch (error) {
      log.warn({ job, err: error }, 'could not clear away')
    }
  }

  function schedule(
    job: string,
    times: Omit<Parameters<typeof startSchedule>[0], 'run'>,
    work: Work,
  ): void {
    const run = (signal: AbortSignal): Promise<void> => attempt(job, () => work(signal))
    schedules.push(startSchedule({ ...times, run }, timers))
  }

  const every = (everyMs: number, firstAfterMs = everyMs) => ({ everyMs, firstAfterMs })

  return {
    async start() {
      await attempt('leftovers', () => blobs.removeLeftovers(Number.POSITIVE_INFINITY))
      schedule('sweep', every(SWEEP_EVERY_MS), (signal) => sweepBlobs(options, signal))
      schedule('leftovers', every(LEFTOVERS_EVERY_MS), () =>
        // An upload whose last byte came an hour ago has been cut off by every time limit.
        blobs.removeLeftovers(clock.now() - SWEEP_GRACE_MS),
      )
      schedule('orphans', every(ORPHANS_EVERY_MS, SWEEP_GRACE_MS), (signal) =>
        collectOrphans(options, signal),
      )
    },
    async stop() {
      await Promise.all(schedules.map((running) => running.stop()))
    },
  }
}
