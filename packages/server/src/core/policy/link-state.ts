/** What became of a link: its own record, and the rules that reach it without being written into it. */
import type { GrantStatus } from '../../catalog/catalog.ts'
import type { GrantRecord, RevocationRecord, RevokedBy } from '../../catalog/records.ts'
import type { Keys } from '../known-keys.ts'
import { issuedAtOfLink } from '../link-id.ts'

export interface LinkState {
  readonly status: GrantStatus
  /** What ended it: itself, its file's delete or move, or a sweep over its file, a folder, a key or all. */
  readonly revokedBy: RevokedBy | 'file' | 'folder' | 'key' | 'all' | null
  readonly revokedAt: number | null
}

export function describeLink(grant: GrantRecord, keys: Keys, nowMs: number): LinkState {
  const { revokedAt, revokedBy, maxUses, uses, expiresAt } = grant
  if (revokedAt !== null) return { status: 'revoked', revokedBy: revokedBy ?? 'link', revokedAt }
  const rule = findRule(grant, keys)
  if (rule !== null) {
    return { status: 'revoked', revokedBy: reachOf(rule), revokedAt: rule.notBefore }
  }
  const signer = keys.findAccessKey(grant.signingKeyId, nowMs)
  if (signer === null && grant.share === null && nowMs < expiresAt) {
    return { status: 'revoked', revokedBy: 'key', revokedAt: null }
  }
  const isUsedUp = maxUses !== null && uses >= maxUses
  const status = isUsedUp ? 'used-up' : nowMs >= expiresAt ? 'expired' : 'active'
  return { status, revokedBy: null, revokedAt: null }
}

function findRule(grant: GrantRecord, keys: Keys): RevocationRecord | null {
  const { bucket, key, signingKeyId, createdBy } = grant
  const rule = keys.findRevocation({ keyIds: [signingKeyId, createdBy], bucket, key })
  const issuedAt = issuedAtOfLink(grant.id) ?? grant.createdAt
  return rule !== null && issuedAt < rule.notBefore ? rule : null
}

const REACHES = ['file', 'folder', 'key'] as const

function reachOf({ scope }: RevocationRecord): (typeof REACHES)[number] | 'all' {
  return REACHES.find((reach) => scope.startsWith(`${reach}:`)) ?? 'all'
}
