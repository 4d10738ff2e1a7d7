/** Does a task as long as this process has the lease for it, so that of all processes over one catalog one does it at a time. */
import type { Catalog } from '../catalog/catalog.ts'
import type { Clock } from '../platform/clock.ts'
import type { Log } from '../platform/log.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Timers } from './schedule.ts'

/** What is done meanwhile. */
export interface Task {
  start(): Promise<void>
  stop(): Promise<void>
}

export interface LeaseOptions {
  readonly processes: Pick<Catalog['processes'], 'lease' | 'release'>
  readonly clock: Clock
  readonly log: Pick<Log, 'info' | 'warn'>
  readonly name: string
  /** The id of this process. */
  readonly holder: string
  readonly task: Task
  readonly timers?: Timers
}

export interface KeptLease {
  /** Asks once, and resolves when the task is begun or somebody else has it; from then on again and again. */
  start(): Promise<void>
  /** Stops the task and gives the lease back. */
  stop(): Promise<void>
}

const ASK_EVERY_MS = 5000
const LASTS_MS = 20_000
/** Who could not make it longer stops this long before another may begin. */
const MARGIN_MS = 5000

export function keepLease(options: LeaseOptions): KeptLease {
  const { processes, clock, log, name, holder, task, timers = systemTimers } = options
  let endsAt: number | null = null
  let stopAsking = (): Promise<void> => Promise.resolve()

  async function ask(): Promise<void> {
    const nowMs = clock.now()
    try {
      const lease = { task: name, holder, endsAt: nowMs + LASTS_MS }
      if (await processes.lease(lease, nowMs)) await hold(lease.endsAt)
      else await end()
    } catch (error) {
      log.warn({ task: name, err: error }, 'a lease could not be asked for')
      if (endsAt !== null && clock.now() >= endsAt - MARGIN_MS) await end()
    }
  }

  async function hold(until: number): Promise<void> {
    const isNew = endsAt === null
    endsAt = until
    if (!isNew) return
    log.info({ task: name }, 'this process has the lease')
    await task.start()
  }

  async function end(): Promise<void> {
    if (endsAt === null) return
    endsAt = null
    log.info({ task: name }, 'this process has lost the lease')
    await task.stop()
  }

  return {
    async start() {
      await ask()
      const schedule = startSchedule(
        { firstAfterMs: ASK_EVERY_MS, everyMs: ASK_EVERY_MS, run: ask },
        timers,
      )
      stopAsking = () => schedule.stop()
    },
    async stop() {
      await stopAsking()
      if (endsAt === null) return
      endsAt = null
      await task.stop()
      try {
        await processes.release({ task: name, holder })
      } catch (error) {
        log.warn({ task: name, err: error }, 'a lease could not be given back; it ends by itself')
      }
    },
  }
}
