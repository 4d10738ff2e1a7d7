/**
 * Who opens the page of a share: whoever has its address, and its password where it has one. The one door through which a share gets
 * a caller, which then has the rights of a link.
 */
import type { Action, GrantRecord, ShareTerms } from '../catalog/records.ts'
import type { CoreContext } from '../core/context.ts'
import { refusal } from '../core/errors.ts'
import { makeVerifiedLink } from '../core/identity.ts'
import type { VerifiedLink } from '../core/identity.ts'
import { TICKET_SECONDS } from '../core/limits.ts'
import { issuedAtOfLink, shareIdOf } from '../core/link-id.ts'
import { requireSigningKey } from '../core/links/issue-link.ts'
import { authorize } from '../core/policy/authorize.ts'
import type { Permit } from '../core/policy/permit.ts'
import { beginGuess } from '../core/shares/password-attempts.ts'
import { isPassword } from '../core/shares/share-password.ts'
import { isSession, openSession } from '../core/shares/share-session.ts'
import type { ShareSession } from '../core/shares/share-session.ts'
import { findUserAgent } from '../core/user-agent.ts'
import type { RawHeaders } from '../http/raw-headers.ts'

export type ShareGrant = GrantRecord & { readonly share: ShareTerms }

export interface Visit {
  readonly clientIp: string
  readonly headers: RawHeaders
}

/** A share that lives and may be opened from there; whether by somebody who knows its password is not asked yet. */
export interface FoundShare {
  readonly grant: ShareGrant
  /** Lets in whoever proves to know the password, or needs none. */
  readonly admit: (proof: Proof) => Promise<Visitor>
}

export interface Proof {
  /** As `openSession` gave it out. */
  readonly session: string | null
  readonly password: string | null
}

export interface Visitor {
  readonly caller: VerifiedLink
  readonly grant: ShareGrant
  readonly permit: Permit<'read' | 'list' | 'write'>
  /** For whoever sent the password: to be shown instead of it. */
  readonly session: ShareSession | null
}

/** The grant behind the address; throws `share-not-found`. */
export async function findShare(core: CoreContext, token: string): Promise<ShareGrant> {
  const id = shareIdOf(token)
  const grant = id === null ? null : await core.catalog.grants.find(id)
  if (grant === null || !isShare(grant)) throw refusal('share-not-found', {})
  return grant
}

/**
 * Throws what the rules of links say of it: that it is revoked, paused, used up, over, not begun, for other networks. `admit` rejects with
 * `share-password-needed`, `share-password-wrong`, `too-many-passwords`.
 */
export async function authenticateShare(
  core: CoreContext,
  grant: ShareGrant,
  visit: Visit,
): Promise<FoundShare> {
  const caller = await callerOf(core, grant, visit)
  const { bucket, key, share } = grant
  const permit = await authorize(core, caller, SHARE_ACTIONS[share.kind], { bucket, key })
  return {
    grant,
    admit: async (proof) => {
      const session = await requirePassword(core, grant, { ...proof, address: visit.clientIp })
      return { caller, grant, permit, session }
    },
  }
}

/** What whoever opens its page does. */
export const SHARE_ACTIONS = {
  file: 'read',
  folder: 'list',
  drop: 'write',
} as const satisfies Record<ShareTerms['kind'], Action>

export function isShare(grant: GrantRecord): grant is ShareGrant {
  return grant.share !== null
}

/** The rights that a ticket of the share would have. */
export async function callerOf(
  core: CoreContext,
  grant: ShareGrant,
  { clientIp, headers }: Visit,
): Promise<VerifiedLink> {
  const { record } = requireSigningKey(await core.keyRing.current())
  const nowMs = core.clock.now()
  return makeVerifiedLink({
    method: grant.share.kind === 'drop' ? 'POST' : 'GET',
    keyId: record.id,
    isOwn: true,
    scope: { ...record.scope, actions: [SHARE_ACTIONS[grant.share.kind], 'read'] },
    signedAt: nowMs,
    issuedAt: issuedAtOfLink(grant.id) ?? grant.createdAt,
    expiresAt: nowMs + TICKET_SECONDS * 1000,
    linkId: grant.id,
    fileId: null,
    versionId: null,
    createdBy: null,
    ips: [],
    clientIp,
    agent: findUserAgent(headers),
    // What opens the page is told nothing worth a use; what the page hands out asks again.
    previewAgent: null,
  })
}

/** `null` where it needs none, or a session was shown. */
export async function requirePassword(
  core: CoreContext,
  grant: ShareGrant,
  { session, password, address }: Proof & { readonly address: string },
): Promise<ShareSession | null> {
  const kept = grant.share.password
  if (kept === undefined) return null
  if (session !== null && isSession(core, grant, session)) return null
  if (password === null) throw refusal('share-password-needed', {})
  const guess = { shareId: grant.id, address }
  const begun = await beginGuess(core, guess)
  if (!(await isPassword(kept, password))) throw refusal('share-password-wrong', {})
  await begun.forgive()
  return openSession(core, grant)
}
