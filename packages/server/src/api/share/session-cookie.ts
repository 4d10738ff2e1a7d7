/** The cookie of whoever sent the right password: for the page of this one share alone. */
import type { ShareSession } from '../../core/shares/share-session.ts'
import { formatCookie } from '../../http/cookies.ts'
import { SHARE_COOKIE } from '../share-session-cookie.ts'

export interface CookiePlace {
  readonly token: string
  readonly nowMs: number
  /** Sent over TLS alone. */
  readonly isSecure: boolean
}

export function formatSessionCookie(
  session: ShareSession,
  { token, nowMs, isSecure }: CookiePlace,
): string {
  const seconds = Math.max(1, Math.floor((session.expiresAt - nowMs) / 1000))
  return formatCookie(SHARE_COOKIE, session.token, {
    path: `/s/${token}`,
    seconds,
    sameSite: 'Strict',
    isSecure,
  })
}
