/** The cookie of whoever sent the right password of a share, as two faces read it. */
import { readCookie } from '../http/cookies.ts'
import type { RawHeaders } from '../http/raw-headers.ts'

export const SHARE_COOKIE = 'hallpass_share'

export function readShareSession(headers: RawHeaders): string | null {
  return readCookie(headers, SHARE_COOKIE)
}
