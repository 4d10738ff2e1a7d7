/** How far an upload is, and how long it will go on. */

export interface Progress {
  /** Bytes that arrived, or are on their way. */
  readonly sent: number
  readonly total: number
  /** By the pace of the last seconds; `null` as long as nobody can say. */
  readonly secondsLeft: number | null
}

export interface ProgressMeter {
  /** A part, by its number, has so many bytes there. */
  set(part: number, bytes: number): void
  read(): Progress
}

/** Of the pace, what the last sample says against all before. */
const WEIGHT = 0.2
const SAMPLE_MS = 500

/** `now` in milliseconds, of a clock that never goes back. */
export function createMeter(total: number, now: () => number): ProgressMeter {
  const parts = new Map<number, number>()
  let pace = 0
  let sampled = { at: now(), sent: 0 }
  const sum = (): number => {
    let sent = 0
    for (const bytes of parts.values()) sent += bytes
    return Math.min(sent, total)
  }
  return {
    set(part, bytes) {
      parts.set(part, bytes)
      const at = now()
      const ms = at - sampled.at
      if (ms < SAMPLE_MS) return
      const sent = sum()
      // What has to be sent again is no pace.
      const latest = Math.max(0, sent - sampled.sent) / ms
      pace = pace === 0 ? latest : pace * (1 - WEIGHT) + latest * WEIGHT
      sampled = { at, sent }
    },
    read() {
      const sent = sum()
      const secondsLeft = pace === 0 ? null : Math.ceil((total - sent) / pace / 1000)
      return { sent, total, secondsLeft }
    },
  }
}
