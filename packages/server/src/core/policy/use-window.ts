/** A download that broke off is not a second use: until the whole file arrived, who began it may come back for what is left. */
import { isOpen } from '../../catalog/decisions/decide-reading.ts'
import type { GrantRecord } from '../../catalog/records.ts'
import { RESUME_WINDOW_MS } from '../limits.ts'

/** True if the last use of the link is this address's, recent, and has not brought the whole file yet. */
export function isUseOpen({ reading }: GrantRecord, clientIp: string, nowMs: number): boolean {
  const touchedAfterMs = nowMs - RESUME_WINDOW_MS
  return reading !== null && isOpen(reading, { clientIp, touchedAfterMs })
}
