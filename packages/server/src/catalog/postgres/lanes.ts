/**
 * Who writes when, within this process: so that what waits for a lock waits here and not on a connection that others need. Jobs that
 * must be alone go together, many in one transaction; others go beside each other, as many at once as there are connections for
 * them, and two that touch the same one after the other.
 */
import type { Job, Transactions } from './transactions.ts'

export interface Lanes {
  alone(job: Job): void
  beside(job: Job, touches: readonly string[]): void
  /** Resolves when everything handed in before is settled. */
  drain(): Promise<void>
}

/** So many that a commit is cheap for each, and so few that others get their turn. */
const MOST_TOGETHER = 32

export function createLanes(transactions: Transactions, mostBeside: number): Lanes {
  const underWay = new Set<Promise<void>>()
  let lonely: Job[] = []
  let isAlone = false
  const waiting: { readonly job: Job; readonly touches: readonly string[] }[] = []
  const touched = new Set<string>()
  let beside = 0

  function follow(running: Promise<void>, then: () => void): void {
    underWay.add(running)
    void running.finally(() => {
      underWay.delete(running)
      then()
    })
  }

  function startAlone(): void {
    if (isAlone || lonely.length === 0) return
    isAlone = true
    const jobs = lonely.slice(0, MOST_TOGETHER)
    lonely = lonely.slice(MOST_TOGETHER)
    follow(transactions.runAlone(jobs), () => {
      isAlone = false
      startAlone()
    })
  }

  function startBeside(): void {
    for (let at = 0; at < waiting.length && beside < mostBeside;) {
      const next = waiting[at]
      if (next === undefined || next.touches.some((thing) => touched.has(thing))) at += 1
      else {
        waiting.splice(at, 1)
        start(next.job, next.touches)
      }
    }
  }

  function start(job: Job, touches: readonly string[]): void {
    beside += 1
    for (const thing of touches) touched.add(thing)
    follow(transactions.runBeside(job, touches), () => {
      beside -= 1
      for (const thing of touches) touched.delete(thing)
      startBeside()
    })
  }

  return {
    alone(job) {
      lonely.push(job)
      // What is asked for in the same turn goes together.
      if (!isAlone && lonely.length === 1) setImmediate(startAlone)
    },
    beside(job, touches) {
      waiting.push({ job, touches })
      startBeside()
    },
    async drain() {
      while (underWay.size + lonely.length + waiting.length > 0) {
        await Promise.all(underWay)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}
