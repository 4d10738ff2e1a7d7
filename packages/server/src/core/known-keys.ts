/** The keys and revocations of one epoch, ready to be asked; keys/key-ring.ts keeps them fresh. */
import type { KeySnapshot } from '../catalog/catalog.ts'
import type { AccessKeyRecord, ApiKeyRecord, RevocationRecord } from '../catalog/records.ts'

/** An access key with its secret opened; the shape `verifyS3` looks up. */
export interface UsableAccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly record: AccessKeyRecord
  /** Of credentials that were made for whoever uploads by a link: they have its rights, and none of their own. */
  readonly linkId?: string | undefined
}

/** Whose a link is and what it is for: what revocations are matched against. */
export interface LinkOrigin {
  /** The key that signed it, and the one that issued it. */
  readonly keyIds: readonly string[]
  readonly bucket: string
  readonly key: string
}

export interface Keys {
  /** `null` for unknown, revoked and disabled keys, for those that had run out at `nowMs`, and for retired signing keys. */
  findAccessKey(id: string, nowMs: number): UsableAccessKey | null
  /** By the hex SHA-256 of the whole key; `null` like above. */
  findApiKey(secretHash: string, nowMs: number): ApiKeyRecord | null
  findApiKeyById(id: string, nowMs: number): ApiKeyRecord | null
  /** The active signing key; there is always one after first start. */
  readonly signingKey: UsableAccessKey | null
  /** Of the rules that cover links like this, the one that reaches furthest; `null` if there is none. */
  findRevocation(link: LinkOrigin): RevocationRecord | null
  readonly snapshot: KeySnapshot
}
