/**
 * Asks the application what the rules do not answer: whether this end user may do this here. Only a plain yes, in time, is one. Answers
 * are remembered for a moment, under everything that was asked, so that a page of thirty pictures asks once for each.
 */
import { createHash } from 'node:crypto'
import { createId } from '../../platform/ids.ts'
import { createRecentlyUsed } from '../../platform/recently-used.ts'
import type { Action } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { formatPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { signMessage } from '../webhooks/sign-message.ts'
import type { UserFacts } from './user-tokens.ts'

export interface UserQuestion {
  readonly user: UserFacts
  readonly action: Action
  /** With a slash at its end it is about everything below. */
  readonly path: ObjectPath
  readonly clientIp: string
}

/** True if the application says so. Never rejects: an error, a timeout and silence are a no. */
export type AskApplication = (question: UserQuestion) => Promise<boolean>

export interface AskOptions {
  readonly url: string
  /** As Standard Webhooks has them: `whsec_` and base64. */
  readonly secret: string
  /** Never rejects; `status` is `null` where there was no answer. */
  readonly post: (message: {
    readonly url: string
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
    readonly signal: AbortSignal
  }) => Promise<{ readonly status: number | null; readonly fault: string | null }>
}

const YES: ReadonlySet<number> = new Set([200, 204])
const NO: ReadonlySet<number> = new Set([401, 403, 404])
const MAX_REMEMBERED = 10_000
const YES_MS = 30_000
const NO_MS = 5000
/** Questions under way at once, of all users and of one; what is asked beyond is a no, and is asked again next time. */
const MAX_OPEN = 256
const MAX_OPEN_OF_USER = 64

interface Remembered {
  readonly isAllowed: boolean
  readonly until: number
}

export function createAskApplication(
  core: Pick<CoreContext, 'clock' | 'random' | 'log'>,
  { url, secret, post }: AskOptions,
): AskApplication {
  const { clock, random, log } = core
  const remembered = createRecentlyUsed<Remembered>(MAX_REMEMBERED)
  const open = new Map<string, Promise<boolean>>()
  const openOf = new Map<string, number>()

  function count(subject: string, change: 1 | -1): void {
    const now = (openOf.get(subject) ?? 0) + change
    if (now === 0) openOf.delete(subject)
    else openOf.set(subject, now)
  }

  async function ask(digest: string, data: object): Promise<boolean> {
    const timestamp = new Date(clock.now()).toISOString()
    const body = JSON.stringify({ type: 'access.asked', timestamp, data })
    const headers = {
      ...signMessage({ id: createId(random, 'msg_'), body }, [secret], clock.now()),
      'content-type': 'application/json',
      'user-agent': 'hallpass',
    }
    const { status, fault } = await post({
      url,
      headers,
      body,
      signal: new AbortController().signal,
    })
    const isAllowed = status !== null && YES.has(status)
    if (isAllowed || (status !== null && NO.has(status))) {
      remembered.set(digest, { isAllowed, until: clock.now() + (isAllowed ? YES_MS : NO_MS) })
    } else {
      log.warn({ status, fault }, 'the application did not say whether a user may; taken for a no')
    }
    return isAllowed
  }

  return ({ user, action, path, clientIp }) => {
    const { subject, claims } = user
    const data = { subject, action, path: formatPath(path), address: clientIp, claims }
    const digest = createHash('sha256').update(JSON.stringify(data)).digest('base64')
    const known = remembered.get(digest)
    if (known !== undefined && clock.now() < known.until) return Promise.resolve(known.isAllowed)
    const underWay = open.get(digest)
    if (underWay !== undefined) return underWay
    const isFull = (openOf.get(subject) ?? 0) >= MAX_OPEN_OF_USER
    if (isFull || open.size >= MAX_OPEN) return Promise.resolve(false)
    const asking = ask(digest, data).finally(() => {
      open.delete(digest)
      count(subject, -1)
    })
    open.set(digest, asking)
    count(subject, 1)
    return asking
  }
}
