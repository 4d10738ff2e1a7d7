/** Cookies as they come and go [RFC6265]. */
import { headerValues } from './raw-headers.ts'
import type { RawHeaders } from './raw-headers.ts'

/** All that cookies of this server hold. */
const FORM = /^[A-Za-z0-9_-]{1,4000}$/

/** The first of this name that can be one of ours; `null` if there is none. */
export function readCookie(headers: RawHeaders, name: string): string | null {
  for (const header of headerValues(headers, 'cookie')) {
    for (const pair of header.split(';')) {
      const [given, value = ''] = pair.trim().split('=', 2)
      if (given === name && FORM.test(value)) return value
    }
  }
  return null
}

export interface CookieOptions {
  readonly path: string
  /** 0 takes it away. */
  readonly seconds: number
  /** `Lax`: sent along when a page of elsewhere leads here; `Strict`: never from elsewhere. */
  readonly sameSite: 'Strict' | 'Lax'
  /** Sent over TLS alone. */
  readonly isSecure: boolean
}

/** No script reads it. */
export function formatCookie(name: string, value: string, options: CookieOptions): string {
  const { path, seconds, sameSite, isSecure } = options
  const attributes = [`Path=${path}`, `Max-Age=${seconds}`, 'HttpOnly', `SameSite=${sameSite}`]
  if (isSecure) attributes.push('Secure')
  return [`${name}=${value}`, ...attributes].join('; ')
}
