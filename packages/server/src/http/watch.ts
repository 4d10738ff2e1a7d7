/**
 * One timer for everything that may take too long: bodies that trickle in, answers nobody reads, refused uploads
 * that go on. A timer each would cost more than most requests.
 */

export interface Watched {
  /** True once it has been going on, or standing still, for too long. */
  isOverdue(nowMs: number): boolean
  /** Called once, after which it is no longer watched. */
  expire(): void
}

export interface Watch {
  now(): number
  add(watched: Watched): void
  remove(watched: Watched): void
  /** Expires what is overdue. The server calls it at an interval. */
  sweep(): void
}

export function createWatch(clock: { now(): number }): Watch {
  const all = new Set<Watched>()
  return {
    now: () => clock.now(),
    add: (watched) => {
      all.add(watched)
    },
    remove: (watched) => {
      all.delete(watched)
    },
    sweep: () => {
      const nowMs = clock.now()
      for (const watched of all) {
        if (!watched.isOverdue(nowMs)) continue
        all.delete(watched)
        watched.expire()
      }
    },
  }
}
