/**
 * How often a store may be asked again. A store that fails everybody would get every request several times over, just when it can
 * bear the least: retries are paid for out of one purse a store, which fills as requests succeed.
 */

export interface RetryBudget {
  /** Whether there is enough left for one more retry, which is then paid for. */
  take(): boolean
  /** A request succeeded. */
  earn(): void
}

const RETRIES = 50
/** In a store that works, one request in ten may be a retry. */
const EARNED = 0.1

export function createRetryBudget(): RetryBudget {
  let left = RETRIES
  return {
    take() {
      if (left < 1) return false
      left -= 1
      return true
    },
    earn() {
      left = Math.min(RETRIES, left + EARNED)
    },
  }
}
