/**
 * The session of the console as a browser carries it: a cookie that no script reads and that no page of elsewhere has sent. It alone is
 * good for nothing: the request also has to say, in a header that only scripts of this origin can set, that the console sends it.
 */
import type { CoreContext } from '../core/context.ts'
import type { NewSession } from '../core/sessions/sessions.ts'
import { formatCookie, readCookie } from '../http/cookies.ts'
import { headerValues } from '../http/raw-headers.ts'
import type { RawHeaders } from '../http/raw-headers.ts'

/** Whatever it says. */
export const CONSOLE_HEADER = 'x-hallpass-console'

export interface SentSession {
  readonly token: string
  /** True if a page of this server sends it, by all that the browser says. */
  readonly isOwnPage: boolean
}

type Place = Pick<CoreContext, 'publicUrl'>

export function readConsoleSession(place: Place, headers: RawHeaders): SentSession | null {
  const token = readCookie(headers, nameOf(place))
  return token === null ? null : { token, isOwnPage: isOwnPage(place, headers) }
}

export function formatConsoleSession(place: Place, session: NewSession, nowMs: number): string {
  const seconds = Math.max(1, Math.floor((session.expiresAt - nowMs) / 1000))
  return formatCookie(nameOf(place), session.token, { ...attributesOf(place), seconds })
}

/** Takes the cookie away. */
export function clearConsoleSession(place: Place): string {
  return formatCookie(nameOf(place), 'gone', { ...attributesOf(place), seconds: 0 })
}

function attributesOf(place: Place) {
  return { path: '/', sameSite: 'Strict', isSecure: isSecure(place) } as const
}

/**
 * Over TLS a name that no other host, and nobody on the way, can set [RFC6265BIS 4.1.3.2]. Without it servers of one machine share their
 * cookies, so that the port tells them apart.
 */
function nameOf(place: Place): string {
  const { port } = new URL(place.publicUrl)
  return isSecure(place) ? '__Host-hallpass' : `hallpass_session_${port === '' ? '80' : port}`
}

function isSecure({ publicUrl }: Place): boolean {
  return publicUrl.startsWith('https:')
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
