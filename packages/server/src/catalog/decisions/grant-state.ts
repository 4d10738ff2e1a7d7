/** What became of a grant, in the order in which it counts: revoked, used up, out of time. */
import type { GrantRecord } from '../records.ts'

/** How a grant is filed. One whose time has run out stays `open` until a job files it anew. */
export const GRANT_STATE = { open: 0, usedUp: 1, expired: 2, revoked: 3 } as const
export type GrantState = (typeof GRANT_STATE)[keyof typeof GRANT_STATE]

type Judged = Pick<GrantRecord, 'revokedAt' | 'maxUses' | 'uses'>

/** Under which state a new grant is filed. */
export function stateOfGrant({ revokedAt, maxUses, uses }: Judged): GrantState {
  if (revokedAt !== null) return GRANT_STATE.revoked
  return maxUses !== null && uses >= maxUses ? GRANT_STATE.usedUp : GRANT_STATE.open
}
