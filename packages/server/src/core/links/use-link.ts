/**
 * Whether a link whose signature held still works: not revoked, from an allowed address, with uses left. The signature alone
 * cannot say, and this is what makes one link revocable.
 */
import type { GrantRecord } from '../../catalog/records.ts'
import { isAddressAllowed } from '../addresses.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import type { VerifiedLink } from '../identity.ts'
import type { ObjectPath } from '../paths.ts'

/** A resumed download rides on the use that began it, from the same address, for this long. */
export const RESUME_WINDOW_MS = 600_000

/** Resolves if nothing stands against the link right now; consumes nothing. */
export async function requireLiveLink(
  core: CoreContext,
  link: VerifiedLink,
  path: ObjectPath,
): Promise<void> {
  const keys = await core.keyRing.current()
  if (keys.isRevoked({ keyId: link.keyId, signedAt: link.signedAt, ...path })) throw revoked()
  if (!isAddressAllowed(link.clientIp, link.ips)) {
    const message = 'This link only works from the network it was made for.'
    throw new DomainError('link-ip-not-allowed', message, {})
  }
  if (link.grantId === null) return
  const grant = await requireGrant(core, link.grantId)
  // A grant speaks for its own file only, whoever signed its id into another URL.
  if (grant.bucket !== path.bucket || grant.key !== path.key) throw revoked()
  if (grant.maxUses === null || grant.uses < grant.maxUses) return
  // A used-up link answers nothing more, not even a HEAD; only the rest of its last download.
  if (!isWithinResumeWindow(grant, link, core.clock.now())) throw used()
}

/** The grant behind a link; throws `link-revoked` if it is revoked or gone. */
export async function requireGrant(core: CoreContext, grantId: string): Promise<GrantRecord> {
  const grant = await core.catalog.grants.find(grantId)
  if (grant === null || grant.revokedAt !== null) throw revoked()
  return grant
}

/**
 * Consumes a use, if the link counts them. `isResumed` says that the request asks for a later part of the file: it
 * needs a use consumed a moment ago from the same address instead of a new one. HEAD, 304 and 416 never come here.
 */
export async function consumeUse(
  core: CoreContext,
  link: VerifiedLink,
  isResumed: boolean,
): Promise<void> {
  if (link.grantId === null) return
  const grant = await requireGrant(core, link.grantId)
  if (grant.maxUses === null) return
  const nowMs = core.clock.now()
  if (isResumed && isWithinResumeWindow(grant, link, nowMs)) return
  if (await core.catalog.grants.use(grant.id, nowMs, link.clientIp)) return
  await requireGrant(core, grant.id)
  throw used()
}

function isWithinResumeWindow(grant: GrantRecord, link: VerifiedLink, nowMs: number): boolean {
  return (
    grant.lastUsedAt !== null &&
    nowMs - grant.lastUsedAt < RESUME_WINDOW_MS &&
    grant.lastUsedIp === link.clientIp
  )
}

function revoked(): DomainError<'link-revoked'> {
  return new DomainError('link-revoked', 'This link was revoked.', {})
}

function used(): DomainError<'link-used'> {
  return new DomainError('link-used', 'This link has no uses left.', {})
}
