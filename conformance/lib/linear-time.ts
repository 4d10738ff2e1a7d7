/** Proof that work grows with the length of a text and not with its square, in processor time and on any machine. */
import assert from 'node:assert/strict'
import process from 'node:process'

const TRIES = 6
/** Below this a measurement is mostly noise. */
const LEAST_MICROSECONDS = 5000

export interface LinearTime {
  readonly short: string
  readonly long: string
  /** How many times the time of `short` the long text may take: well above the ratio of their lengths, far below its square. */
  readonly factor: number
}

/** Tries again before it fails: what else the process and the machine do only ever adds. */
export function assertLinearTime(
  work: (text: string) => void,
  { short, long, factor }: LinearTime,
  what: string,
): void {
  let base = 0
  let least = Infinity
  for (let tries = 0; tries < TRIES; tries += 1) {
    base = Math.max(base, LEAST_MICROSECONDS, timeOf(work, short))
    least = Math.min(least, timeOf(work, long))
    if (least <= base * factor) return
  }
  assert.fail(`${what}: ${least} µs of processor time, beside ${base} for the short text`)
}

function timeOf(work: (text: string) => void, text: string): number {
  const before = process.cpuUsage()
  work(text)
  const { user, system } = process.cpuUsage(before)
  return user + system
}
