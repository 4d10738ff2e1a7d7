/**
 * Browsers that are signed in. The cookie holds a secret of which the catalog keeps the hash; whose rights it has is looked up with
 * every request, so that a session ends with its key, and with its groups.
 */
import { hash } from 'node:crypto'
import type { Actor } from '../../catalog/event-steps.ts'
import type { SessionRecord } from '../../catalog/session-steps.ts'
import { createId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { KEY_SESSION_MS, MAX_KEY_SESSIONS, PERSON_SESSION_MS } from '../limits.ts'
import type { FinishedSignIn } from './sign-in.ts'

type Keeping = Pick<CoreContext, 'catalog' | 'clock' | 'random' | 'log'>

export interface NewSession {
  /** What the cookie holds. */
  readonly token: string
  readonly expiresAt: number
}

/** For whoever came with a key, which may end before. */
export async function beginKeySession(
  core: Keeping,
  key: { readonly id: string; readonly expiresAt: number | null },
  by: Actor,
): Promise<NewSession> {
  const end = core.clock.now() + KEY_SESSION_MS
  const expiresAt = Math.min(end, key.expiresAt ?? end)
  return begin(core, { keyId: key.id, person: null, signInId: null, expiresAt }, by)
}

/** Throws `sign-in-stale` for a sign-in that has led to a session before. */
export function beginPersonSession(
  core: Keeping,
  { person, signInId }: FinishedSignIn,
  by: Actor,
): Promise<NewSession> {
  const expiresAt = core.clock.now() + PERSON_SESSION_MS
  return begin(core, { keyId: null, person, signInId, expiresAt }, by)
}

async function begin(
  { catalog, clock, random, log }: Keeping,
  session: Pick<SessionRecord, 'keyId' | 'person' | 'signInId' | 'expiresAt'>,
  by: Actor,
): Promise<NewSession> {
  const token = createId(random, PREFIX, SECRET_LETTERS)
  const times = { createdAt: clock.now(), endedAt: null }
  const record = { ...session, id: sessionId(token), ...times }
  const outcome = await catalog.sessions.begin(record, by, MAX_KEY_SESSIONS)
  if (outcome === 'taken') throw refusal('sign-in-stale', {})
  log.info({ key: by.keyId }, 'signed in')
  return { token, expiresAt: session.expiresAt }
}

/** `null` for one that is unknown, over or ended. */
export async function findSession(
  { catalog, clock }: Pick<CoreContext, 'catalog' | 'clock'>,
  token: string,
): Promise<SessionRecord | null> {
  const session = await catalog.sessions.find(sessionId(token))
  const isOver = session === null || session.endedAt !== null || clock.now() >= session.expiresAt
  return isOver ? null : session
}

export async function endSession(
  { catalog, clock }: Pick<CoreContext, 'catalog' | 'clock'>,
  session: SessionRecord,
  by: Actor,
): Promise<void> {
  await catalog.sessions.end(session.id, clock.now(), by)
}

const PREFIX = 'hps'
const SECRET_LETTERS = 40

function sessionId(token: string): string {
  return hash('sha256', token, 'hex')
}
