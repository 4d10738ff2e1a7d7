/** A download that broke off is not a second use: until one whole answer was delivered, who began it may come back. */
import type { GrantRecord } from '../../catalog/records.ts'
import { RESUME_WINDOW_MS } from '../limits.ts'

/** True if the last use of the link is this address's, recent, and has not delivered a whole answer yet. */
export function isUseOpen(grant: GrantRecord, clientIp: string, nowMs: number): boolean {
  return (
    grant.lastUse !== null &&
    grant.lastUse !== 'done' &&
    grant.lastUsedAt !== null &&
    nowMs - grant.lastUsedAt < RESUME_WINDOW_MS &&
    grant.lastUsedIp === clientIp
  )
}
