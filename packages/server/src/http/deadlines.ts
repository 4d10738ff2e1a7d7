/**
 * One timer for everything that may take too long: bodies that trickle in, answers nobody reads, refused uploads
 * that go on. A timer each would cost more than most requests.
 */

export interface Deadline {
  /** True once it has been going on, or standing still, for too long. */
  isOverdue(nowMs: number): boolean
  /** Called once, after which it is gone from here. */
  expire(): void
}

export interface Deadlines {
  now(): number
  add(deadline: Deadline): void
  remove(deadline: Deadline): void
  /** Expires what is overdue. The server calls it at an interval. */
  sweep(): void
}

export function createDeadlines(clock: { now(): number }): Deadlines {
  const all = new Set<Deadline>()
  return {
    now: () => clock.now(),
    add: (deadline) => {
      all.add(deadline)
    },
    remove: (deadline) => {
      all.delete(deadline)
    },
    sweep: () => {
      const nowMs = clock.now()
      for (const deadline of all) {
        if (!deadline.isOverdue(nowMs)) continue
        all.delete(deadline)
        deadline.expire()
      }
    },
  }
}
