/** Of a request that was sent again, because the answer to it was lost, nobody can say which of the two was refused. */
import type { StoreAnswer } from './store-answer.ts'

/** There is no such thing, or not any more; there is one already, or another one. */
const REFUSALS: ReadonlySet<number> = new Set([404, 409, 412])

/** What it says is in its way, or gone, may be what it did itself when it was sent before. */
export function isDoubtful({ status, attempts }: StoreAnswer): boolean {
  return attempts > 1 && REFUSALS.has(status)
}
