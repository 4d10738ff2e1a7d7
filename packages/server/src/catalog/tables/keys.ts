/** Keys, and the moments before which what they signed is dead. */
import { bytes, flag, integer, integerOrNull, json, oneOf, shape, table, text } from '../table.ts'

/** What a key may do. */
export const ACTIONS = [
  'read',
  'write',
  'delete',
  'list',
  'share',
  /** Making something private public. */
  'publish',
  'admin',
  'metrics',
] as const
const ACCESS_KEY_KINDS = ['access', 'signing'] as const
export const SIGNING_KEY_STATES = ['active', 'retiring', 'retired'] as const

export interface KeyScope {
  readonly actions: readonly (typeof ACTIONS)[number][]
  /** `''` for everything, else `bucket/` or `bucket/prefix/`: compared by segment, so `team1/` never reaches `team10/`. */
  readonly pathPrefix: string
  /** Addresses the key works from; empty for any. */
  readonly cidrs: readonly string[]
  /** What may lie there of all that was stored with it; nothing for any. */
  readonly quota?: KeyQuota
}

/** `null` for any. */
export interface KeyQuota {
  /** The key that stores are counted for: itself, or the one it was made with, whose room it shares. */
  readonly keyId: string
  readonly maxBytes: number | null
  readonly maxFiles: number | null
}

export const apiKeys = table('api_keys', {
  id: text('id'),
  name: text('name'),
  /** Hex SHA-256 of the whole key text. */
  secretHash: text('secret_hash'),
  scope: json('scope', shape<KeyScope>()),
  createdAt: integer('created_at'),
  createdBy: text('created_by'),
  expiresAt: integerOrNull('expires_at'),
  revokedAt: integerOrNull('revoked_at'),
  /** To the minute; `null`: never. */
  lastUsedAt: integerOrNull('last_used_at'),
})

export const accessKeys = table('access_keys', {
  id: text('id'),
  kind: oneOf('kind', ACCESS_KEY_KINDS),
  name: text('name'),
  /** The secret, sealed with the master key (core/keys/seal.ts). */
  sealedSecret: bytes('sealed_secret'),
  scope: json('scope', shape<KeyScope>()),
  /** The longest life a URL presigned with this key may have. */
  maxExpiresInSeconds: integer('max_expires_in_seconds'),
  mayPresignDelete: flag('may_presign_delete'),
  /** Signing keys only; access keys are `active`. */
  state: oneOf('state', SIGNING_KEY_STATES),
  /** When a successor took over: only what was signed before then still verifies. */
  rotatedAt: integerOrNull('rotated_at'),
  createdAt: integer('created_at'),
  createdBy: text('created_by'),
  expiresAt: integerOrNull('expires_at'),
  revokedAt: integerOrNull('revoked_at'),
  /** To the minute; `null`: never. */
  lastUsedAt: integerOrNull('last_used_at'),
  /** Switched off; `null`: it works. */
  disabledAt: integerOrNull('disabled_at'),
})

export const revocations = table('revocations', {
  /** `''` for the whole instance, `key:ID`, `folder:bucket/prefix/`, or `file:bucket/key`. */
  scope: text('scope'),
  /** Milliseconds; a link dies if its signing second is earlier. */
  notBefore: integer('not_before'),
  /** Milliseconds: past it, no link that the rule covers can be alive, and the rule is forgotten. */
  forgetAt: integer('forget_at'),
})
