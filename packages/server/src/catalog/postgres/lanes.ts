/**
 * Who writes when, within this process: so that what waits for a lock waits here and not on a connection that others need. Jobs that
 * must be alone go together, many in one transaction; others go beside each other, as many at once as there are connections for
 * them, and two that touch the same one after the other. Of these, some may share a transaction: what waits goes together then.
 */
import type { Job, SharedJob, Transactions } from './transactions.ts'

export interface BesideJob extends SharedJob {
  readonly isShareable: boolean
}

export interface Lanes {
  alone(job: Job): void
  beside(job: BesideJob): void
  /** Resolves when everything handed in before is settled. */
  drain(): Promise<void>
}

/** So many that a commit is cheap for each, and so few that others get their turn. */
const MOST_TOGETHER = 32
/** Transactions that are shared, at once: while they run, the next ones fill. */
const MOST_SHARED = 4

export function createLanes(transactions: Transactions, mostBeside: number): Lanes {
  const alone = createAloneLane(transactions)
  const beside = createBesideLane(transactions, mostBeside)
  return {
    alone: (job) => alone.add(job),
    beside: (job) => beside.add(job),
    async drain() {
      while (!alone.isIdle() || !beside.isIdle()) {
        await new Promise((resolve) => setImmediate(resolve))
        await Promise.all([alone.rest(), beside.rest()])
      }
    },
  }
}

interface Lane<Added> {
  add(job: Added): void
  readonly isIdle: () => boolean
  /** Resolves when what runs at this moment is over. */
  readonly rest: () => Promise<unknown>
}

function createAloneLane(transactions: Transactions): Lane<Job> {
  let waiting: Job[] = []
  let running: Promise<void> | null = null

  function start(): void {
    if (running !== null || waiting.length === 0) return
    const jobs = waiting.slice(0, MOST_TOGETHER)
    waiting = waiting.slice(MOST_TOGETHER)
    running = transactions.runAlone(jobs).finally(() => {
      running = null
      start()
    })
  }

  return {
    add(job) {
      waiting.push(job)
      // What is asked for in the same turn goes together.
      if (running === null && waiting.length === 1) setImmediate(start)
    },
    isIdle: () => running === null && waiting.length === 0,
    rest: () => Promise.resolve(running),
  }
}

function createBesideLane(transactions: Transactions, mostAtOnce: number): Lane<BesideJob> {
  const waiting: BesideJob[] = []
  const touched = new Set<string>()
  const running = new Set<Promise<void>>()
  let shared = 0
  let isWoken = false

  /** The first that may run now, taken out of those that wait; what it touches is taken. */
  function takeNext(isWanted: (job: BesideJob) => boolean): BesideJob | null {
    const isFree = ({ touches }: BesideJob): boolean => !touches.some((thing) => touched.has(thing))
    const at = waiting.findIndex((job) => isWanted(job) && isFree(job))
    const [next] = at === -1 ? [] : waiting.splice(at, 1)
    if (next === undefined) return null
    for (const thing of next.touches) touched.add(thing)
    return next
  }

  function fill(): void {
    isWoken = false
    while (running.size < mostAtOnce) {
      const first = takeNext(({ isShareable }) => !isShareable || shared < MOST_SHARED)
      if (first === null) return
      const jobs = [first]
      while (first.isShareable && jobs.length < MOST_TOGETHER) {
        const next = takeNext(({ isShareable }) => isShareable)
        if (next === null) break
        jobs.push(next)
      }
      start(jobs, first.isShareable ? 1 : 0)
    }
  }

  function start(jobs: readonly BesideJob[], isShared: 0 | 1): void {
    shared += isShared
    const one = transactions.runBeside(jobs).finally(() => {
      running.delete(one)
      shared -= isShared
      for (const { touches } of jobs) for (const thing of touches) touched.delete(thing)
      fill()
    })
    running.add(one)
  }

  return {
    add(job) {
      waiting.push(job)
      if (!isWoken) setImmediate(fill)
      isWoken = true
    },
    isIdle: () => running.size + waiting.length === 0,
    rest: () => Promise.all(running),
  }
}
