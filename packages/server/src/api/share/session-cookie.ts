/** The cookie of whoever sent the right password: for the page of this one share alone. */
import type { ShareSession } from '../../core/shares/share-session.ts'
import { formatCookie, readCookie } from '../../http/cookies.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'

const NAME = 'hallpass_share'

export function readSessionCookie(headers: RawHeaders): string | null {
  return readCookie(headers, NAME)
}

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
  return formatCookie(NAME, session.token, {
    path: `/s/${token}`,
    seconds,
    sameSite: 'Strict',
    isSecure,
  })
}
