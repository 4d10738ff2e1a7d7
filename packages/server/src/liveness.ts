/**
 * Notices a process that has stopped answering: one that was stopped, or hangs, keeps its share of the new connections and
 * answers none of them. Unanswered questions are counted, not time: a machine that was asleep blames nobody. Nor does one that is busy: a
 * question counts as much as the process had of the time to answer it.
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
  /** The part of the time since it was called last that the process could use, from 0 to 1. */
  readonly usableShare: () => number
  /** Called once. */
  readonly giveUp: () => void
}

export function watchLiveness(options: LivenessOptions): Liveness {
  const { everyMs, maxUnanswered, ask, usableShare, giveUp } = options
  let unanswered = 0
  let isAsked = false
  const timer = setInterval(() => {
    const share = usableShare()
    if (isAsked) unanswered += share
    if (unanswered >= maxUnanswered()) {
      clearInterval(timer)
      giveUp()
      return
    }
    isAsked = true
    ask()
  }, everyMs)
  timer.unref()
  return {
    heard: () => {
      unanswered = 0
      isAsked = false
    },
    end: () => clearInterval(timer),
  }
}
