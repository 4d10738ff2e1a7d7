/** What a key may do, and what a link signed with it may. */
import { isAddressAllowed } from '../addresses.ts'
import { refusal } from '../errors.ts'
import { isLink } from '../identity.ts'
import type { VerifiedLink } from '../identity.ts'
import { ROTATION_GRACE_MS } from '../limits.ts'
import type { ObjectPath } from '../paths.ts'
import { formatPath } from '../paths.ts'
import type { Ask, Policy, Rule } from './rule.ts'

/** A link carries the rights of the key that signed it, narrowed to one method. */
export const KEY_RULES: readonly Rule[] = [
  {
    name: 'key-ended',
    refuse: ({ key }, { caller, action }) => {
      if (key !== null) return null
      if (isLink(caller)) return refusal('link-revoked', {})
      return refusal('forbidden', { action, reason: 'The key was revoked, or has run out' })
    },
  },
  {
    name: 'key-actions',
    refuse: (_policy, { caller, action }) =>
      caller.scope.actions.includes(action) ? null : refusal('forbidden', { action }),
  },
  {
    name: 'key-prefix',
    refuse: (_policy, { caller, action, path }) =>
      isWithin(caller.scope.pathPrefix, path) ? null : refusal('forbidden', { action }),
  },
  {
    name: 'key-addresses',
    refuse: (_policy, { caller, action }) =>
      isAddressAllowed(caller.clientIp, caller.scope.cidrs)
        ? null
        : refusal('forbidden', { action }),
  },
]

type LinkAsk = Ask & { readonly caller: VerifiedLink }

export const SIGNER_RULES: readonly Rule<LinkAsk>[] = [
  {
    name: 'key-presigned-delete',
    // Bulk deletions are presigned for POST. A DELETE that only writes, the end of an upload in parts, takes nothing away that a
    // presigned PUT of the same key could not.
    refuse: (policy, { caller, action }) => {
      if (action === 'write' || (action !== 'delete' && caller.method !== 'DELETE')) return null
      if (accessKey(policy)?.mayPresignDelete === true) return null
      const missing = 'presign DELETE'
      return refusal('forbidden', {
        action: missing,
        reason: `This key does not have the right to ${missing}`,
      })
    },
  },
  {
    name: 'key-longest-life',
    refuse: (policy, { caller }) => {
      const seconds = lifeOf(caller)
      const maxSeconds = accessKey(policy)?.maxExpiresInSeconds ?? 0
      if (seconds <= maxSeconds) return null
      const hint = 'The key allows no longer life.'
      return refusal('expiry-too-long', { field: 'X-Amz-Expires', seconds, maxSeconds, hint })
    },
  },
  {
    // A key that was rotated away may be in the wrong hands: it goes on for the links it has signed, and for no others.
    name: 'key-rotated',
    refuse: (policy, { caller }) => {
      const rotatedAt = accessKey(policy)?.rotatedAt ?? null
      if (rotatedAt === null) return null
      const latest = rotatedAt + ROTATION_GRACE_MS
      // The signing second of our own links is the next whole one.
      const isBefore = caller.issuedAt <= latest && caller.signedAt < latest + 1000
      return isBefore ? null : refusal('link-revoked', {})
    },
  },
]

/** True if `path` lies under the key's prefix. The prefix ends in a slash, so siblings never match. */
export function isWithin(pathPrefix: string, path: ObjectPath): boolean {
  return pathPrefix === '' || formatPath(path).startsWith(pathPrefix)
}

/** The life that was signed, in seconds. */
export function lifeOf({ signedAt, expiresAt }: VerifiedLink): number {
  return (expiresAt - signedAt) / 1000
}

function accessKey({ key }: Policy): Extract<Policy['key'], { readonly kind: string }> | null {
  return key !== null && 'kind' in key ? key : null
}
