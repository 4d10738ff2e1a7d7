/** What reads along as things happen, in the process that runs the jobs: one reader each, over the events of all processes. */
import type { Log } from '../platform/log.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule, Timers } from './schedule.ts'

/** One that reads events and does something about them. */
export interface Follower {
  readonly name: string
  readonly everyMs: number
  /** Goes on from where it was. One that rejects is asked again. */
  run(signal: AbortSignal): Promise<void>
  /** Resolves when nothing that it began is under way any more. */
  settled(): Promise<void>
}

export interface Following {
  start(): void
  stop(): Promise<void>
}

export function createFollowing(
  followers: readonly Follower[],
  log: Pick<Log, 'warn'>,
  timers: Timers = systemTimers,
): Following {
  let schedules: readonly Schedule[] = []

  async function attempt(follower: Follower, signal: AbortSignal): Promise<void> {
    try {
      await follower.run(signal)
    } catch (error) {
      log.warn({ err: error, follower: follower.name }, 'events could not be followed')
    }
  }

  return {
    start() {
      schedules = followers.map((follower) => {
        const { everyMs } = follower
        const run = (signal: AbortSignal): Promise<void> => attempt(follower, signal)
        return startSchedule({ firstAfterMs: everyMs, everyMs, run }, timers)
      })
    },
    async stop() {
      await Promise.all(schedules.map((schedule) => schedule.stop()))
      await Promise.all(followers.map((follower) => follower.settled()))
    },
  }
}
