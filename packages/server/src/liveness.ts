/**
 * Notices a process that has stopped answering: one that was stopped, or hangs, keeps its share of the new connections and
 * answers none of them. Unanswered questions are counted, not time: a machine that was asleep blames nobody.
 */

export interface Liveness {
  /** The process answered, or said anything else. */
  heard(): void
  end(): void
}

export interface LivenessOptions {
  readonly everyMs: number
  /** After so many questions without an answer it is given up; asked each time. */
  readonly maxUnanswered: () => number
  readonly ask: () => void
  /** Called once. */
  readonly giveUp: () => void
}

export function watchLiveness({ everyMs, maxUnanswered, ask, giveUp }: LivenessOptions): Liveness {
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered >= maxUnanswered()) {
      clearInterval(timer)
      giveUp()
      return
    }
    unanswered += 1
    ask()
  }, everyMs)
  timer.unref()
  return {
    heard: () => {
      unanswered = 0
    },
    end: () => clearInterval(timer),
  }
}
