/** Who uses the console: finds the session behind its cookie, and makes the principal whose rights it has. */
import type { SessionRecord } from '../catalog/session-steps.ts'
import type { SessionPerson } from '../catalog/tables/sessions.ts'
import { isAddressAllowed } from '../core/addresses.ts'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import { makePrincipal } from '../core/identity.ts'
import type { Principal } from '../core/identity.ts'
import { scopeOfGroups } from '../core/sessions/group-rules.ts'
import { findSession } from '../core/sessions/sessions.ts'
import { personIdOf } from '../core/users/user-id.ts'
import type { SentSession } from './console-session.ts'

interface Sender {
  readonly clientIp: string
  readonly agent: string | null
}

/**
 * Throws `session-foreign` for a cookie that a page of elsewhere has sent, `session-over` for one that is unknown, past its time, or whose
 * key or groups have ended, `api-key-invalid` where the key is not for this address.
 */
export async function authenticateSession(
  core: CoreContext,
  { token, isOwnPage }: SentSession,
  sender: Sender,
): Promise<Principal> {
  if (!isOwnPage) throw refusal('session-foreign', {})
  const session = await findSession(core, token)
  if (session === null) throw refusal('session-over', {})
  const { keyId, person } = session
  if (person !== null) return personOf(core, { session, person }, sender)
  return keyOf(core, keyId ?? '', sender)
}

async function keyOf(core: CoreContext, id: string, sender: Sender): Promise<Principal> {
  const nowMs = core.clock.now()
  const known = (await core.keyRing.current()).findApiKeyById(id, nowMs)
  const key = known ?? (await core.keyRing.recheck()).findApiKeyById(id, nowMs)
  if (key === null) throw refusal('session-over', {})
  if (!isAddressAllowed(sender.clientIp, key.scope.cidrs)) throw refusal('api-key-invalid', {})
  core.keyUses.note(id, nowMs)
  return makePrincipal({ kind: 'api-key', id, scope: key.scope, ...sender })
}

/** By the settings of this moment: what they say no more ends with the next request. */
async function personOf(
  { signIn, keyRing }: CoreContext,
  { session, person }: { readonly session: SessionRecord; readonly person: SessionPerson },
  sender: Sender,
): Promise<Principal> {
  const id = personIdOf(person.subject)
  const scope =
    signIn === null || signIn.issuer !== person.issuer
      ? null
      : scopeOfGroups(signIn.rules, person.groups)
  if (id === null || scope === null) throw refusal('session-over', {})
  const { createdAt, expiresAt } = session
  const keys = await keyRing.current()
  const sweep = keys.findRevocation({ keyIds: [id], bucket: '', key: '' })
  if (sweep !== null && createdAt < sweep.notBefore) throw refusal('session-over', {})
  return makePrincipal({
    kind: 'person',
    id,
    scope,
    person: { ...person, since: createdAt, expiresAt },
    ...sender,
  })
}
