/** What a start does about a database that cannot answer yet: it starts too, or another server brings its tables up to date. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from './platform/log.ts'
import { MINUTE_MS, SECOND_MS } from './platform/durations.ts'
import { isUnavailable } from './platform/store-errors.ts'

const PATIENCE_MS: number = 3 * MINUTE_MS
const PAUSE_MS = SECOND_MS

export interface Waiting {
  readonly log: Pick<Log, 'warn'>
  /** Whoever starts the server wants it no more. */
  readonly stop: AbortSignal
}

/**
 * Attempts again for three minutes, and says at once why. Throws what the last attempt threw, or an AbortError when it is stopped: an
 * attempt that is under way then is left to itself, for a database that says nothing may keep it long.
 */
export async function waitForDatabase<Result>(
  attempt: () => Promise<Result>,
  { log, stop }: Waiting,
): Promise<Result> {
  const startedAt = performance.now()
  let said = ''
  for (;;) {
    try {
      return await unlessStopped(attempt, stop)
    } catch (error) {
      const isLate = performance.now() - startedAt > PATIENCE_MS
      if (isLate || !isUnavailable(error)) throw error
      if (error.message !== said) log.warn({ why: error.message }, 'waiting for the database')
      said = error.message
    }
    await sleep(PAUSE_MS, null, { signal: stop })
  }
}

async function unlessStopped<Result>(
  attempt: () => Promise<Result>,
  stop: AbortSignal,
): Promise<Result> {
  const { promise: stopped, reject } = Promise.withResolvers<never>()
  const onStop = (): void => reject(stop.reason)
  stop.throwIfAborted()
  stop.addEventListener('abort', onStop)
  try {
    return await Promise.race([attempt(), stopped])
  } finally {
    stop.removeEventListener('abort', onStop)
  }
}
