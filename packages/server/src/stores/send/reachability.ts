/** Whether a store answers: asked at most every few seconds, however many want to know, and never waited for long. */
import { SECOND_MS } from '../../platform/durations.ts'

/** How long an answer is believed. */
const BELIEVED_MS = 5 * SECOND_MS
/** Who has not answered by then does not. */
const PATIENCE_MS = 3 * SECOND_MS

export function createReachability(ask: () => Promise<unknown>): () => Promise<boolean> {
  let askedAt = Number.NEGATIVE_INFINITY
  let answer: Promise<boolean> = Promise.resolve(true)
  return () => {
    if (performance.now() - askedAt > BELIEVED_MS) {
      askedAt = performance.now()
      answer = withinPatience(ask())
    }
    return answer
  }
}

async function withinPatience(asked: Promise<unknown>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(false), PATIENCE_MS)
  const answered = asked.then(
    () => true,
    () => false,
  )
  try {
    return await Promise.race([answered, late])
  } finally {
    clearTimeout(timer)
  }
}
