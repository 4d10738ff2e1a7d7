/**
 * How tests wait. Nothing here says how fast the server must be: a machine may be busy with something else, and only a hang
 * may fail a test. What must not be slow is counted in the CPU time it takes, which no neighbour can lengthen.
 */
import assert from 'node:assert/strict'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** Far beyond what any of these waits takes on the slowest machine: who waits this long waits for ever. */
export const PATIENCE_MS = 180_000
const ASK_EVERY_MS = 20
/** Some twenty milliseconds: long enough to lose the processor in. */
const SPINS = 5_000_000

/** Asks again and again until it is so. */
export async function waitUntil(
  isSo: () => boolean | Promise<boolean>,
  what: string = String(isSo),
): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS
  while (!(await isSo())) {
    assert.ok(performance.now() < giveUpAt, `it never came about: ${what}`)
    await sleep(ASK_EVERY_MS)
  }
}

/**
 * How many times longer than alone a piece of work takes, because others have the processors: at least 1. A promise that is
 * one of time is held to as much time as the machine took away.
 */
export function measureBusyness(): number {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  let sum = 0
  for (let index = 0; index < SPINS; index += 1) sum = (sum + index * 7) % 1_000_003
  assert.ok(sum >= 0)
  const { user, system } = process.cpuUsage(before)
  return Math.max(1, ((performance.now() - startedAt) * 1000) / (user + system))
}

/** What `work` resolves to, and the milliseconds of CPU that this process spent meanwhile. */
export async function withCpuTime<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly cpuMs: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: (user + system) / 1000 }
}

/** Rejects with what hangs, if `work` never settles. */
export async function orHung<Result>(work: Promise<Result>, what: string): Promise<Result> {
  const settled = new AbortController()
  const hung = sleep(PATIENCE_MS, null, { signal: settled.signal, ref: false }).then(
    () => {
      throw new Error(`it hangs: ${what}`)
    },
    () => new Promise<never>(() => undefined),
  )
  try {
    return await Promise.race([work, hung])
  } finally {
    settled.abort()
  }
}
