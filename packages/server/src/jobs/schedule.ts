/** Runs a job again and again, one run at a time. Timers never keep the process alive. */

export interface Timers {
  /** Calls `action` once after `delayMs`; returns what takes that back. */
  after(delayMs: number, action: () => void): () => void
}

export const systemTimers: Timers = {
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}

export interface ScheduledJob {
  /** Also reports its own failures: a run that rejects is a bug. */
  run(signal: AbortSignal): Promise<void>
  readonly firstAfterMs: number
  readonly everyMs: number
}

export interface Schedule {
  /** Resolves when the run under way, if any, has ended. */
  stop(): Promise<void>
}

export function startSchedule(job: ScheduledJob, timers: Timers): Schedule {
  const abort = new AbortController()
  let running: Promise<void> = Promise.resolve()
  let cancel = wait(job.firstAfterMs)

  function wait(delayMs: number): () => void {
    return timers.after(delayMs, () => {
      running = run()
    })
  }

  async function run(): Promise<void> {
    await job.run(abort.signal)
    if (!abort.signal.aborted) cancel = wait(job.everyMs)
  }

  return {
    async stop() {
      abort.abort()
      cancel()
      await running
    },
  }
}
