/** Who sends a REST request: finds the API key behind an `Authorization` header and makes the principal. */
import type { CoreContext } from '../core/context.ts'
import { isAddressAllowed } from '../core/addresses.ts'
import { refusal } from '../core/errors.ts'
import { makePrincipal } from '../core/identity.ts'
import type { Principal } from '../core/identity.ts'
import { hashApiKey } from '../core/keys/api-keys.ts'

/** What the request says of its sender. */
export interface TokenSender {
  readonly authorization: string | undefined
  readonly clientIp: string
  readonly agent: string | null
}

const BEARER = /^Bearer +/i

/**
 * Takes `Bearer KEY` and the bare key. Throws `unauthenticated` without a header, `api-key-invalid` for a key that is
 * unknown, revoked, run out, or used from an address it is not for: the four look alike from outside.
 *
 * The key is found by its hash: what an attacker could time is the hash of a guess, which says nothing about a key.
 */
export async function authenticateToken(
  core: CoreContext,
  { authorization, clientIp, agent }: TokenSender,
): Promise<Principal> {
  const token = (authorization ?? '').trim().replace(BEARER, '')
  if (token === '') {
    const reason = 'the Authorization header with an API key is missing'
    throw refusal('unauthenticated', { reason })
  }
  const secretHash = hashApiKey(token)
  const record =
    (await core.keyRing.current()).findApiKey(secretHash, core.clock.now()) ??
    (await core.keyRing.recheck()).findApiKey(secretHash, core.clock.now())
  if (record === null || !isAddressAllowed(clientIp, record.scope.cidrs)) {
    throw refusal('api-key-invalid', {})
  }
  return makePrincipal({ kind: 'api-key', id: record.id, scope: record.scope, clientIp, agent })
}
