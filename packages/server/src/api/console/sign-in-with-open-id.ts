/**
 * The way to the provider of OpenID Connect and back. Both are followed by a browser: the answer leads on, to the provider or to the
 * console, and never to an address that came with the request.
 */
import { actorOfPerson } from '../../core/actor-of.ts'
import type { CoreContext } from '../../core/context.ts'
import { isDomainError } from '../../core/errors.ts'
import type { DomainErrorCode } from '../../core/errors.ts'
import { SIGN_IN_MS } from '../../core/limits.ts'
import type { SignIn } from '../../core/sessions/sign-in.ts'
import { beginPersonSession, endSession, findSession } from '../../core/sessions/sessions.ts'
import { findUserAgent } from '../../core/user-agent.ts'
import { formatConsoleSession, readConsoleSession } from '../../auth/console-session.ts'
import { ownCookieName } from '../../auth/own-cookie-name.ts'
import type { OwnCookieName } from '../../auth/own-cookie-name.ts'
import { formatCookie, readCookie } from '../../http/cookies.ts'
import type { ConsoleExchange } from './console-exchange.ts'

interface Way {
  readonly core: CoreContext
  readonly signIn: SignIn
  readonly leg: Leg
}

/** There, back, and out of it. */
export type Leg = 'there' | 'back' | 'out'

const LEGS: Readonly<Record<string, Leg>> = {
  openid: 'there',
  'openid/callback': 'back',
  'openid/out': 'out',
}

/** `path` is what stands behind `/-/console/`. */
export function legOf(path: string): Leg | null {
  return Object.hasOwn(LEGS, path) ? (LEGS[path] ?? null) : null
}

interface Answer {
  readonly location: string
  readonly cookies: readonly string[]
}

const CONSOLE = '/-/console'

export async function signInWithOpenId(way: Way, exchange: ConsoleExchange): Promise<void> {
  const { core, leg } = way
  let answer: Answer
  try {
    core.requirePace('address', exchange.clientIp)
    answer = await follow(way, exchange)
  } catch (error) {
    answer = { location: `${CONSOLE}?refused=${codeOf(way, exchange, error)}`, cookies: [] }
  }
  // Whatever came of it, what was kept is good for one way back.
  const cookies = leg === 'back' ? [...answer.cookies, keep(core, '', 0)] : answer.cookies
  exchange.response
    .writeHead(303, {
      location: answer.location,
      'set-cookie': [...cookies],
      'cache-control': 'no-store',
      'content-length': '0',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .end()
}

function follow(way: Way, exchange: ConsoleExchange): Promise<Answer> {
  switch (way.leg) {
    case 'there':
      return goThere(way)
    case 'back':
      return comeBack(way, exchange)
    case 'out':
      return goOut(way)
  }
}

/** The session here was ended by who it belongs to; this leads on to where the provider asks whether its own shall end. */
async function goOut({ signIn }: Way): Promise<Answer> {
  return { location: (await signIn.signOutUrl()) ?? CONSOLE, cookies: [] }
}

async function goThere({ core, signIn }: Way): Promise<Answer> {
  const { url, kept } = await signIn.begin()
  return { location: url, cookies: [keep(core, kept, SIGN_IN_MS / 1000)] }
}

async function comeBack({ core, signIn }: Way, exchange: ConsoleExchange): Promise<Answer> {
  const { request, clientIp } = exchange
  const headers = request.rawHeaders
  const finished = await signIn.finish(request.url ?? '', readCookie(headers, keptIn(core).name))
  const from = { address: clientIp, agent: findUserAgent(headers) }
  const by = actorOfPerson(finished.person.subject, from)
  const session = await beginPersonSession(core, finished, by)
  // Who was signed in here before is not any more.
  const before = readConsoleSession(core, headers)
  const ended = before === null ? null : await findSession(core, before.token)
  if (ended !== null) await endSession(core, ended, by)
  const cookie = formatConsoleSession(core, session, core.clock.now())
  return { location: CONSOLE, cookies: [cookie] }
}

/** A page of elsewhere leads back here: a cookie that is `Strict` would not come along. */
function keep(core: CoreContext, kept: string, seconds: number): string {
  const { name, isSecure } = keptIn(core)
  const value = kept === '' ? 'gone' : kept
  return formatCookie(name, value, { path: '/', seconds, sameSite: 'Lax', isSecure })
}

/** Whoever could set it would sign somebody in as themselves. */
function keptIn(core: CoreContext): OwnCookieName {
  return ownCookieName(core, { secure: 'hallpass-sign-in', plain: 'hallpass_sign_in' })
}

/** What people are told, by a code of docs/errors.md; and the trail. */
function codeOf({ core }: Way, exchange: ConsoleExchange, error: unknown): DomainErrorCode {
  if (!isDomainError(error)) {
    core.log.error({ err: error }, 'signing in failed')
    return 'sign-in-unavailable'
  }
  const { code } = error
  core.events.note({
    kind: 'request.refused',
    code,
    target: 'signInWithOpenId',
    address: exchange.clientIp,
    agent: findUserAgent(exchange.request.rawHeaders),
    keyId: null,
    linkId: null,
    path: '',
    referrer: null,
    bytes: 0,
  })
  return code
}
