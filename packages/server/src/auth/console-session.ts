/**
 * The session of the console as a browser carries it: a cookie that no script reads and that no page of elsewhere has sent. It alone is
 * good for nothing: the request also has to say, in a header that only scripts of this origin can set, that the console sends it.
 */
import type { CoreContext } from '../core/context.ts'
import type { NewSession } from '../core/sessions/sessions.ts'
import { formatCookie, readCookie } from '../http/cookies.ts'
import { headerValues } from '../http/raw-headers.ts'
import type { RawHeaders } from '../http/raw-headers.ts'
import { ownCookieName } from './own-cookie-name.ts'
import type { OwnCookieName } from './own-cookie-name.ts'

/** Whatever it says. */
export const CONSOLE_HEADER = 'x-hallpass-console'

export interface SentSession {
  readonly token: string
  /** True if a page of this server sends it, by all that the browser says. */
  readonly isOwnPage: boolean
}

type Place = Pick<CoreContext, 'publicUrl'>

export function readConsoleSession(place: Place, headers: RawHeaders): SentSession | null {
  const token = readCookie(headers, cookieOf(place).name)
  return token === null ? null : { token, isOwnPage: isOwnPage(place, headers) }
}

export function formatConsoleSession(place: Place, session: NewSession, nowMs: number): string {
  const seconds = Math.max(1, Math.floor((session.expiresAt - nowMs) / 1000))
  return format(place, session.token, seconds)
}

/** Takes the cookie away. */
export function clearConsoleSession(place: Place): string {
  return format(place, 'gone', 0)
}

function format(place: Place, value: string, seconds: number): string {
  const { name, isSecure } = cookieOf(place)
  return formatCookie(name, value, { path: '/', seconds, sameSite: 'Strict', isSecure })
}

function cookieOf(place: Place): OwnCookieName {
  return ownCookieName(place, { secure: 'hallpass', plain: 'hallpass_session' })
}

/** A browser that says where a request comes from says so truly; one that does not still sets no header for strangers [FETCH]. */
function isOwnPage({ publicUrl }: Place, headers: RawHeaders): boolean {
  const [host = null] = headerValues(headers, 'host')
  const isOwn = (origin: string): boolean =>
    origin === publicUrl || (host !== null && URL.parse(origin)?.host === host)
  return (
    headerValues(headers, CONSOLE_HEADER).length > 0 &&
    headerValues(headers, 'sec-fetch-site').every((site) => site === 'same-origin') &&
    headerValues(headers, 'origin').every(isOwn)
  )
}
