/**
 * Decides when a body is too slow. Only time spent waiting for the client counts: a server busy with its disk
 * must not blame the sender. An honest slow upload passes however long it takes, as long as it keeps the pace.
 */

export interface PaceRule {
  /** The pace is judged over this much waiting at a time. */
  readonly windowMs: number
  readonly minBytesPerSecond: number
}

export interface BodyPace {
  /** The reader begins to wait for the client. */
  wait(nowMs: number): void
  /** Bytes came, or the wait ended otherwise. */
  receive(nowMs: number, bytes: number): void
  isTooSlow(nowMs: number): boolean
}

export function createBodyPace(rule: PaceRule): BodyPace {
  const minBytes = (rule.minBytesPerSecond * rule.windowMs) / 1000
  let waitedMs = 0
  let received = 0
  let waitingSince: number | null = null

  function waitedUntil(nowMs: number): number {
    return waitedMs + (waitingSince === null ? 0 : Math.max(0, nowMs - waitingSince))
  }
  return {
    wait: (nowMs) => {
      waitingSince = nowMs
    },
    receive: (nowMs, bytes) => {
      waitedMs = waitedUntil(nowMs)
      waitingSince = null
      received += bytes
      if (received >= minBytes) {
        received = 0
        waitedMs = 0
      }
    },
    isTooSlow: (nowMs) => received < minBytes && waitedUntil(nowMs) >= rule.windowMs,
  }
}
