/** What the server does by itself: clear away what nobody refers to. One process of those that share a data folder does it. */
import { DELIVERIES_KEPT_MS, REFUSED_FILES_KEPT_MS, SWEEP_GRACE_MS } from '../core/limits.ts'
import type { Log } from '../platform/log.ts'
import { forgetLost } from './beat.ts'
import { collectOrphans } from './collect-orphans.ts'
import { expireGrants } from './expire-grants.ts'
import { inBatches } from './in-batches.ts'
import { reapUploads } from './reap-uploads.ts'
import { recheckDamaged, scrubBlobs } from './scrub-blobs.ts'
import type { ScrubOptions } from './scrub-blobs.ts'
import type { Reaping } from './reap-uploads.ts'
import { startSchedule, systemTimers } from './schedule.ts'
import type { Schedule, Timers } from './schedule.ts'
import type { Stores } from './stores.ts'
import { sweepContents } from './sweep-contents.ts'
import { trimEvents } from './trim-events.ts'
import type { Retention } from './trim-events.ts'
import { trimGrants } from './trim-grants.ts'
import type { LinkRetention } from './trim-grants.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../platform/durations.ts'

export interface JobsOptions extends Stores, Pick<Reaping, 'files'> {
  readonly log: Pick<Log, 'info' | 'warn'>
  /** Rotates the signing key when its time is over, and ends those that nothing in time was signed with; how many. */
  readonly tendKeys: () => Promise<number>
  /** Puts secrets under the newest master key, and ends the keys before it; how many secrets. */
  readonly tendMaster: () => Promise<number>
  readonly retention: Retention & LinkRetention
  readonly scrubDays: number
  readonly metrics: ScrubOptions['metrics']
  /** Others over the same data accept writes already when the jobs start, and say that they live. */
  readonly isShared?: boolean
  readonly timers?: Timers
}

export interface Jobs {
  /**
   * Removes what writes that a crash cut off have left, then starts the schedule. Unless the data are shared, to be called before this
   * or another process over them accepts a write: all temporary bytes count as left over.
   */
  start(): Promise<void>
  /** Resolves when nothing runs any more. */
  stop(): Promise<void>
}

const LOST_CHECK_MS = 5000
/** Few enough that no request waits long behind one batch. */
const FORGOTTEN_AT_ONCE = 500

interface Job {
  readonly name: string
  readonly everyMs: number
  readonly firstAfterMs: number
  /** What is logged if anything was done. */
  readonly says: string
  readonly run: (signal: AbortSignal) => Promise<number>
}

export function createJobs(options: JobsOptions): Jobs {
  const { blobs, log, isShared = false, timers = systemTimers } = options
  let schedules: Schedule[] = []

  /** A job that fails is reported and tried again at its next time. */
  async function attempt({ name, says, run }: Job, signal: AbortSignal): Promise<void> {
    try {
      const count = await run(signal)
      if (count > 0) log.info({ job: name, count }, says)
    } catch (error) {
      log.warn({ job: name, err: error }, 'a job failed')
    }
  }

  return {
    async start() {
      const first = leftovers(options)
      const removeAll = (): Promise<number> => blobs.removeLeftovers(Number.POSITIVE_INFINITY)
      const { signal } = new AbortController()
      await attempt(isShared ? first : { ...first, run: removeAll }, signal)
      for (const job of jobsOf(options)) {
        const run = (signal: AbortSignal): Promise<void> => attempt(job, signal)
        schedules.push(startSchedule({ ...job, run }, timers))
      }
    },
    async stop() {
      const running = schedules
      schedules = []
      await Promise.all(running.map((schedule) => schedule.stop()))
    },
  }
}

function jobsOf(options: JobsOptions): readonly Job[] {
  const { catalog, clock, tendKeys, tendMaster } = options
  const cleared = 'cleared away'
  return [
    {
      name: 'sweep',
      ...every(MINUTE_MS),
      says: cleared,
      run: (end) => sweepContents(options, end),
    },
    {
      name: 'uploads',
      ...every(MINUTE_MS),
      says: cleared,
      run: (end) => reapUploads(options, end),
    },
    {
      name: 'grants',
      ...every(MINUTE_MS),
      says: 'links ran out',
      run: (end) => expireGrants(options, end),
    },
    {
      name: 'revocations',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'rules forgotten that can cover no living link',
      run: () => catalog.keys.forgetRevocations(clock.now()),
    },
    {
      name: 'events',
      ...every(MINUTE_MS),
      says: 'events forgotten',
      run: (end) => trimEvents(options, options.retention, end),
    },
    {
      name: 'links',
      ...every(MINUTE_MS),
      says: 'records of links that were over forgotten',
      run: (end) => trimGrants(options, options.retention, end),
    },
    ...forgetting(options),
    {
      name: 'keys',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'signing keys rotated or retired',
      run: tendKeys,
    },
    {
      name: 'master-key',
      ...every(HOUR_MS, SECOND_MS),
      says: 'secrets put under the newest master key',
      run: tendMaster,
    },
    ...(options.isShared === true ? [lostProcesses(options)] : []),
    leftovers(options),
    {
      name: 'orphans',
      ...every(DAY_MS, SWEEP_GRACE_MS),
      says: cleared,
      run: (end) => collectOrphans(options, end),
    },
    ...scrubbing(options),
  ]
}

/** Of what was told and found, what nobody looks at any more. */
function forgetting({ catalog, clock, retention }: JobsOptions): readonly Job[] {
  return [
    {
      name: 'messages',
      ...every(MINUTE_MS),
      says: 'messages of webhooks forgotten',
      run: (signal) => {
        const before = clock.now() - DELIVERIES_KEPT_MS
        const batches = { signal, size: FORGOTTEN_AT_ONCE }
        return inBatches(batches, (limit) => catalog.webhooks.forget(before, limit))
      },
    },
    {
      name: 'quarantine',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'refused files forgotten',
      run: (signal) => {
        const before = clock.now() - REFUSED_FILES_KEPT_MS
        const batches = { signal, size: FORGOTTEN_AT_ONCE }
        return inBatches(batches, (limit) => catalog.held.forget(before, limit))
      },
    },
    {
      name: 'sessions',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'sessions of the console forgotten',
      run: (signal) => {
        const batches = { signal, size: FORGOTTEN_AT_ONCE }
        return inBatches(batches, (limit) => catalog.sessions.forget(clock.now(), limit))
      },
    },
    {
      name: 'alerts',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'alerts forgotten',
      run: (signal) => {
        const before = clock.now() - retention.auditDays * DAY_MS
        const batches = { signal, size: FORGOTTEN_AT_ONCE }
        return inBatches(batches, (limit) => catalog.alerts.forget(before, limit))
      },
    },
  ]
}

function scrubbing(options: JobsOptions): readonly Job[] {
  return [
    {
      name: 'scrub',
      ...every(MINUTE_MS),
      says: 'blobs are damaged',
      run: (signal) => scrubBlobs(options, signal),
    },
    {
      name: 'damaged',
      ...every(HOUR_MS, MINUTE_MS),
      says: 'blobs have healed',
      run: (signal) => recheckDamaged(options, signal),
    },
  ]
}

function lostProcesses(options: JobsOptions): Job {
  return {
    name: 'processes',
    ...every(LOST_CHECK_MS),
    says: 'processes that were not heard of any more',
    run: () => forgetLost(options),
  }
}

function leftovers({ blobs, clock }: Stores): Job {
  return {
    name: 'leftovers',
    ...every(HOUR_MS),
    says: 'cleared away',
    // An upload whose last byte came an hour ago has been cut off by every time limit.
    run: () => blobs.removeLeftovers(clock.now() - SWEEP_GRACE_MS),
  }
}

function every(everyMs: number, firstAfterMs = everyMs): Pick<Job, 'everyMs' | 'firstAfterMs'> {
  return { everyMs, firstAfterMs }
}
