/** The cookie of whoever sent the right password: for the page of this one share alone [RFC6265 4.1]. */
import type { ShareSession } from '../../core/shares/share-session.ts'
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
  const attributes = [`Path=/s/${token}`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict']
  if (isSecure) attributes.push('Secure')
  return [`${SHARE_COOKIE}=${session.token}`, ...attributes].join('; ')
}
