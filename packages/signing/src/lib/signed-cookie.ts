/**
 * The form in which presigners return a cookie.
 *
 * @module
 */
import type { AbsoluteUrl } from './absolute-url.ts'

/** A signed cookie: the pair itself and one way to set it. */
export interface SignedCookie {
  readonly name: string
  readonly value: string
  /** The last moment at which the cookie works. */
  readonly expiresAt: Date
  /** A `Set-Cookie` value for the host of the prefix: `HttpOnly`, and `Secure` under https. */
  readonly setCookie: string
}

/** The cookie with a `Set-Cookie` value that sends it below `scope` and no longer than it works. */
export function createSignedCookie(
  name: string,
  value: string,
  expiresSeconds: number,
  scope: AbsoluteUrl,
): SignedCookie {
  const expiresAt = new Date(expiresSeconds * 1000)
  const path = scope.path.slice(0, scope.path.lastIndexOf('/') + 1)
  const secure = scope.scheme === 'https' ? '; Secure' : ''
  return {
    name,
    value,
    expiresAt,
    setCookie: `${name}=${value}; Path=${path}; Expires=${expiresAt.toUTCString()}; HttpOnly${secure}`,
  }
}
