/** Whether a store answers: asked at most every few seconds, however many want to know, and never waited for long. */
import { SECOND_MS } from '../../platform/durations.ts'
import { StoreError } from '../../platform/store-errors.ts'
import type { Reach } from '../object-store.ts'

export const REACHED: Reach = { kind: 'reached' }
const SILENT: Reach = { kind: 'silent' }

/** How long an answer is believed. */
const BELIEVED_MS = 5 * SECOND_MS
/** Who has not answered by then does not. */
const PATIENCE_MS = 3 * SECOND_MS

export function createReachability(ask: () => Promise<unknown>): () => Promise<Reach> {
  let askedAt = Number.NEGATIVE_INFINITY
  let answer = Promise.resolve(REACHED)
  return () => {
    if (performance.now() - askedAt > BELIEVED_MS) {
      askedAt = performance.now()
      answer = withinPatience(ask())
    }
    return answer
  }
}

async function withinPatience(asked: Promise<unknown>): Promise<Reach> {
  const { promise: late, resolve } = Promise.withResolvers<Reach>()
  const timer = setTimeout(() => resolve(SILENT), PATIENCE_MS)
  const answered = asked.then(() => REACHED, reachOf)
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}

function reachOf(error: unknown): Reach {
  const isRefused = error instanceof StoreError && error.fault === 'refused'
  return isRefused ? { kind: 'refused', why: error.message } : SILENT
}
