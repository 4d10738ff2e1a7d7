/** The cookie of whoever sent the right password: for the page of this one share alone [RFC6265 4.1]. */
import type { ShareSession } from '../../core/shares/share-session.ts'
import { headerValues } from '../../http/raw-headers.ts'
import type { RawHeaders } from '../../http/raw-headers.ts'

const NAME = 'hallpass_share'
const FORM = /^[A-Za-z0-9_-]{1,512}$/

export function readSessionCookie(headers: RawHeaders): string | null {
  for (const header of headerValues(headers, 'cookie')) {
    for (const pair of header.split(';')) {
      const [name, value = ''] = pair.trim().split('=', 2)
      if (name === NAME && FORM.test(value)) return value
    }
  }
  return null
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
  const attributes = [`Path=/s/${token}`, `Max-Age=${seconds}`, 'HttpOnly', 'SameSite=Strict']
  if (isSecure) attributes.push('Secure')
  return [`${NAME}=${session.token}`, ...attributes].join('; ')
}
