/**
 * Who sends a REST request: finds the API key behind an `Authorization` header, the end user, or the session of the console, and makes the
 * principal.
 */
import type { CoreContext } from '../core/context.ts'
import { isAddressAllowed } from '../core/addresses.ts'
import { refusal } from '../core/errors.ts'
import { makePrincipal } from '../core/identity.ts'
import type { Principal } from '../core/identity.ts'
import { hashApiKey } from '../core/keys/api-keys.ts'
import { authenticateSession } from './authenticate-session.ts'
import type { SentSession } from './console-session.ts'
import { USER_ACTIONS, commonFolder, findRights } from '../core/users/user-rules.ts'
import { isSwept } from '../core/users/user-tokens.ts'
import type { UserTokens } from '../core/users/user-tokens.ts'

/** What the request says of its sender. */
export interface TokenSender {
  readonly authorization: string | undefined
  readonly clientIp: string
  readonly agent: string | null
  /** The origin of the web page of somebody else that sends it; `null` for programs and pages of this server. */
  readonly pageOrigin: string | null
  /** True for a page that is let in from elsewhere, for end users. */
  readonly isForeignPage: boolean
  /** The console's, where there is one; it counts where nothing else is said. */
  readonly session: SentSession | null
}

const BEARER = /^Bearer +/i
/** Three parts in base64url with dots between [RFC7515 7.1]; an unsigned one ends with nothing. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/

/**
 * Takes `Bearer KEY`, the bare key, and the token of an end user. Throws `unauthenticated` without a header, `api-key-invalid` for a
 * key that is unknown, revoked, run out, or used from an address it is not for: the four look alike from outside; `forbidden` for
 * one that a page of elsewhere sends, `user-token-invalid` and `issuer-unavailable` for tokens, and what `authenticateSession` throws.
 *
 * The key is found by its hash: what an attacker could time is the hash of a guess, which says nothing about a key.
 */
export async function authenticateToken(
  core: CoreContext,
  sender: TokenSender,
): Promise<Principal> {
  const { authorization, clientIp, agent, isForeignPage, session } = sender
  const token = (authorization ?? '').trim().replace(BEARER, '')
  if (authorization === undefined && session !== null) {
    return authenticateSession(core, session, { clientIp, agent })
  }
  if (token === '') {
    const reason = 'the Authorization header with an API key is missing'
    throw refusal('unauthenticated', { reason })
  }
  const secretHash = hashApiKey(token)
  const known = (await core.keyRing.current()).findApiKey(secretHash, core.clock.now())
  const { userTokens } = core
  if (known === null && userTokens !== null && JWT.test(token)) {
    return authenticateUser(core, userTokens, { token, sender })
  }
  const record = known ?? (await core.keyRing.recheck()).findApiKey(secretHash, core.clock.now())
  if (record === null || !isAddressAllowed(clientIp, record.scope.cidrs)) {
    throw refusal('api-key-invalid', {})
  }
  if (isForeignPage) {
    const reason =
      'An API key belongs on a server and not into a web page, whose visitors can read it'
    throw refusal('forbidden', { action: 'call from a page', reason })
  }
  core.keyUses.note(record.id, core.clock.now())
  return makePrincipal({ kind: 'api-key', id: record.id, scope: record.scope, clientIp, agent })
}

async function authenticateUser(
  { keyRing }: Pick<CoreContext, 'keyRing'>,
  { verify, rules, ask }: UserTokens,
  { token, sender }: { readonly token: string; readonly sender: TokenSender },
): Promise<Principal> {
  const { clientIp, agent, pageOrigin } = sender
  const verified = await verify(token)
  const origin = { keyIds: [verified.userId], bucket: '', key: '' }
  if (isSwept(verified, (await keyRing.current()).findRevocation(origin))) {
    throw refusal('user-token-invalid', { reason: 'it was revoked' })
  }
  const rights = findRights(rules, verified.claims)
  return makePrincipal({
    kind: 'user',
    id: verified.userId,
    // Where somebody else has a say, it may be anywhere.
    scope: {
      actions: USER_ACTIONS,
      pathPrefix: ask === null ? commonFolder(rights) : '',
      cidrs: [],
    },
    user: { ...verified, rights },
    clientIp,
    agent,
    pageOrigin,
  })
}
