/** The cookie of whoever sent the right password of a share, as two faces read it [RFC6265 5.4]. */
import { headerValues } from '../http/raw-headers.ts'
import type { RawHeaders } from '../http/raw-headers.ts'

export const SHARE_COOKIE = 'hallpass_share'
const FORM = /^[A-Za-z0-9_-]{1,512}$/

export function readShareSession(headers: RawHeaders): string | null {
  for (const header of headerValues(headers, 'cookie')) {
    for (const pair of header.split(';')) {
      const [name, value = ''] = pair.trim().split('=', 2)
      if (name === SHARE_COOKIE && FORM.test(value)) return value
    }
  }
  return null
}
