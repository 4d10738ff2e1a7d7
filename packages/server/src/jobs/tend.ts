/**
 * Who looks after the data: the one server of a data directory, or of many over one database the one that has the lease. And what
 * each does so that the others can rely on what they read of it.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { createHeart, forgetProcess } from './beat.ts'
import type { Beating, Holds } from './beat.ts'
import { forgetReaders } from './forget-readers.ts'
import { keepLease } from './keep-lease.ts'
import type { Task } from './keep-lease.ts'

export type HeldAmong = (contentIds: readonly string[]) => Promise<readonly string[] | null>

export interface Tending {
  /** Those of the contents that somebody is reading, here or elsewhere; `null` if one did not say. */
  readonly heldAmong: HeldAmong
  /** Before this process answers anything. */
  join(): Promise<void>
  /** Clears away what a crash left, and keeps doing so while it is this process's task. */
  startJobs(): Promise<void>
  /** Runs `work` while no other process does the same. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>
  /** Another process of this server has ended. Never rejects. */
  forgetProcess(pid: number): Promise<void>
  /** When this process answers nothing any more. */
  stop(): Promise<void>
}

export interface TendingOptions {
  readonly stores: Beating
  readonly holds: Holds
  readonly jobs: Task
}

/** For a directory with one server, whose processes ask each other. */
export function tendAlone(
  { stores, holds, jobs }: TendingOptions,
  heldElsewhere: HeldAmong,
): Tending {
  return {
    async heldAmong(contentIds) {
      const elsewhere = await heldElsewhere(contentIds)
      return elsewhere === null ? null : [...elsewhere, ...holds.heldAmong(contentIds)]
    },
    join: () => Promise.resolve(),
    async startJobs() {
      await forgetReaders(stores, null)
      await jobs.start()
    },
    alone: (work) => work(),
    forgetProcess: (pid) => forgetReaders(stores, String(pid)),
    stop: () => jobs.stop(),
  }
}

export interface SharingOptions {
  readonly processId: string
  /** The id of another process of this server. */
  readonly idOf: (pid: number) => string
}

const WAIT_MS = 200
const ALONE_MS = 60_000

/** For any number of servers over one database. */
export function tendTogether(
  { stores, holds, jobs }: TendingOptions,
  { processId, idOf }: SharingOptions,
): Tending {
  const { catalog, clock, log } = stores
  const { processes } = catalog
  const heart = createHeart(stores, { processId, holds })
  const lease = keepLease({ processes, clock, log, name: 'jobs', holder: processId, task: jobs })
  return {
    async heldAmong(contentIds) {
      const held = await processes.heldAmong(contentIds)
      return [...held, ...holds.heldAmong(contentIds)]
    },
    join: () => heart.start(),
    startJobs: () => lease.start(),
    async alone(work) {
      const task = { task: 'start', holder: processId }
      for (;;) {
        const nowMs = clock.now()
        if (await processes.lease({ ...task, endsAt: nowMs + ALONE_MS }, nowMs)) break
        await sleep(WAIT_MS)
      }
      try {
        return await work()
      } finally {
        await processes.release(task)
      }
    },
    async forgetProcess(pid) {
      try {
        await forgetProcess(stores, idOf(pid))
      } catch (error) {
        log.warn({ err: error, pid }, 'what was being read could not be cleared away')
      }
    },
    async stop() {
      await lease.stop()
      await heart.stop()
    },
  }
}
