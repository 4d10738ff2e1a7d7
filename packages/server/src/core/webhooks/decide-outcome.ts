/** What becomes of a message after an attempt: it arrived, it is tried again later, or it is given up. */
import type { DeliveryOutcome, DeliveryRecord } from '../../catalog/webhook-steps.ts'
import type { Random } from '../../platform/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../platform/durations.ts'

/** How an attempt went: an answer's status, or why there was none. */
export type Attempt =
  | { readonly status: number; readonly fault: null }
  | { readonly status: null; readonly fault: string }

/** After the first attempt, the second, …; together a little more than three days. */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
]
/** So that what failed together does not come back together: up to a tenth later. */
const JITTER = 0.1

export function decideOutcome(
  { id, attempts, nextAt: dueAt }: Pick<DeliveryRecord, 'id' | 'attempts' | 'nextAt'>,
  { status, fault }: Attempt,
  { nowMs, random }: { readonly nowMs: number; readonly random: Random },
): DeliveryOutcome {
  const last = { id, dueAt, lastStatus: status, lastFault: fault }
  if (status !== null && status >= 200 && status < 300) {
    return { ...last, state: 'delivered', nextAt: nowMs, endedAt: nowMs }
  }
  const delay = RETRY_DELAYS_MS[attempts]
  if (delay === undefined) return { ...last, state: 'dead', nextAt: nowMs, endedAt: nowMs }
  const [byte = 0] = random.bytes(1)
  const nextAt = nowMs + Math.round(delay * (1 + (JITTER * byte) / 255))
  return { ...last, state: 'waiting', nextAt, endedAt: null }
}
