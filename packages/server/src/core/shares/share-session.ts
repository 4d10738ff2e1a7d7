/**
 * What a browser that knew the password is given, so that it need not send it again: sealed, for one share, for a while, and only as
 * long as the password stays the same. Nothing is stored.
 */
import type { GrantRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { SHARE_SESSION_MS } from '../limits.ts'

type Sealing = Pick<CoreContext, 'sealer' | 'clock'>
type Share = Pick<GrantRecord, 'id' | 'share' | 'expiresAt'>

export interface ShareSession {
  /** Letters, digits, dashes and underscores. */
  readonly token: string
  readonly expiresAt: number
}

export function openSession({ sealer, clock }: Sealing, grant: Share): ShareSession {
  const expiresAt = Math.min(clock.now() + SHARE_SESSION_MS, grant.expiresAt)
  const text = `${expiresAt}:${grant.share?.password ?? ''}`
  const sealed = sealer.for('share-session').seal(grant.id, text)
  return { token: Buffer.from(sealed).toString('base64url'), expiresAt }
}

/** False for what this server did not give out for this share and its password. */
export function isSession({ sealer, clock }: Sealing, grant: Share, token: string): boolean {
  const sealed = Buffer.from(token, 'base64url')
  let text: string
  try {
    text = sealer.for('share-session').open(grant.id, sealed)
  } catch {
    return false
  }
  const colon = text.indexOf(':')
  const isSame = text.slice(colon + 1) === (grant.share?.password ?? '')
  return isSame && clock.now() < Number(text.slice(0, colon))
}
