/** How long to wait before a store is asked again: longer each time, and anything up to that, so that many who wait do not come together. */
import { SECOND_MS } from '../../platform/durations.ts'
import type { Random } from '../../platform/random.ts'

const FIRST_MS = 50
const LONGEST_MS = 5 * SECOND_MS
/** A store that wants to be left alone for longer has no answer for whoever waits now. */
const LONGEST_WISH_MS = 20 * SECOND_MS

/** `retry` counts from 1. `wish`: the `Retry-After` of the answer. `null`: not while this request lives. */
export function backOff(random: Random, retry: number, wish: string | null): number | null {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** retry)
  const drawn = (random.bytes(1)[0] ?? 0) / 256
  const wished = wish !== null && /^\d{1,9}$/.test(wish) ? Number(wish) * SECOND_MS : 0
  return wished > LONGEST_WISH_MS ? null : Math.max(wished, drawn * most)
}
