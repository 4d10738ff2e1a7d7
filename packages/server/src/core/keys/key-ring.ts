/**
 * Every key and revocation in memory, never staler than KEY_REFRESH_MS, so that a signature is checked without a query
 * and a key revoked by another process is refused within a second.
 */
import type { Catalog, KeySnapshot } from '../../catalog/catalog.ts'
import type { AccessKeyRecord, ApiKeyRecord } from '../../catalog/records.ts'
import type { Clock } from '../../platform/clock.ts'
import { KEY_REFRESH_MS } from '../limits.ts'
import { foldersOf } from '../paths.ts'
import type { Sealer } from './seal.ts'

/** An access key with its secret opened; the shape `verifyS3` looks up. */
export interface UsableAccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly record: AccessKeyRecord
}

/** Where a link came from and what it is for: what revocations are matched against. */
export interface LinkOrigin {
  readonly keyId: string
  readonly signedAt: number
  readonly bucket: string
  readonly key: string
}

export interface Keys {
  /** `null` for unknown, revoked and run-out keys, and for retired signing keys. */
  findAccessKey(id: string, nowMs: number): UsableAccessKey | null
  /** By the hex SHA-256 of the whole key; `null` like above. */
  findApiKey(secretHash: string, nowMs: number): ApiKeyRecord | null
  /** The active signing key; there is always one after first start. */
  readonly signingKey: UsableAccessKey | null
  /** True if a "no links from before" rule covers the link. */
  isRevoked(link: LinkOrigin): boolean
  /** The moment before which links like this are dead; 0 if no rule covers it. */
  notBefore(link: Omit<LinkOrigin, 'signedAt'>): number
  readonly snapshot: KeySnapshot
}

export interface KeyRing {
  /** The keys, fresh enough. Answers without waiting while the last check is younger than KEY_REFRESH_MS. */
  current(): Keys | Promise<Keys>
  /**
   * The keys as they are in the catalog at this moment: for whoever meets a key that is not known here, because another
   * process may have made it a moment ago. Costs one small query.
   */
  recheck(): Promise<Keys>
  /** Reloads at once: called by whoever has just written a key or a revocation. */
  refresh(): Promise<Keys>
}

export function createKeyRing(options: {
  readonly catalog: Catalog
  readonly sealer: Sealer
  readonly clock: Clock
}): KeyRing {
  const { catalog, sealer, clock } = options
  let keys: Keys | null = null
  let checkedAt = Number.NEGATIVE_INFINITY
  let checking: Promise<Keys> | null = null

  async function reload(): Promise<Keys> {
    const askedAt = clock.now()
    const snapshot = await catalog.keys.snapshot()
    keys = indexKeys(snapshot, sealer)
    checkedAt = askedAt
    return keys
  }

  async function check(): Promise<Keys> {
    const askedAt = clock.now()
    if (keys === null || (await catalog.keys.epoch()) !== keys.snapshot.epoch) return reload()
    checkedAt = askedAt
    return keys
  }

  function checkOnce(): Promise<Keys> {
    checking ??= check().finally(() => {
      checking = null
    })
    return checking
  }

  return {
    current() {
      const age = clock.now() - checkedAt
      // A clock set back must not freeze the ring: a negative age counts as stale.
      if (keys !== null && age >= 0 && age < KEY_REFRESH_MS) return keys
      return checkOnce()
    },
    async recheck() {
      // A check under way may have looked before the key was made.
      if (checking !== null) await checking
      return checkOnce()
    },
    refresh: reload,
  }
}

function indexKeys(snapshot: KeySnapshot, sealer: Sealer): Keys {
  const accessKeys = new Map<string, UsableAccessKey>()
  for (const record of snapshot.accessKeys) {
    if (record.revokedAt !== null || record.state === 'retired') continue
    const secretAccessKey = sealer.open(record.id, record.sealedSecret)
    accessKeys.set(record.id, { accessKeyId: record.id, secretAccessKey, record })
  }
  const apiKeys = new Map(snapshot.apiKeys.map((record) => [record.secretHash, record]))
  const revocations = new Map(snapshot.revocations.map((rule) => [rule.scope, rule.notBefore]))

  const signingKey = [...accessKeys.values()]
    .filter(({ record }) => record.kind === 'signing' && record.state === 'active')
    .toSorted((a, b) => b.record.createdAt - a.record.createdAt)[0]

  function notBefore({ keyId, bucket, key }: Omit<LinkOrigin, 'signedAt'>): number {
    if (revocations.size === 0) return 0
    const scopes = ['', `key:${keyId}`, `file:${bucket}/${key}`]
    for (const folder of foldersOf(bucket, key)) scopes.push(`folder:${folder}`)
    return Math.max(0, ...scopes.map((scope) => revocations.get(scope) ?? 0))
  }

  return {
    snapshot,
    signingKey: signingKey ?? null,
    findAccessKey(id, nowMs) {
      const found = accessKeys.get(id)
      return found !== undefined && isAlive(found.record, nowMs) ? found : null
    },
    findApiKey(secretHash, nowMs) {
      const found = apiKeys.get(secretHash)
      return found !== undefined && isAlive(found, nowMs) ? found : null
    },
    notBefore,
    isRevoked: (link) => revocations.size > 0 && link.signedAt < notBefore(link),
  }
}

function isAlive(
  record: { readonly revokedAt: number | null; readonly expiresAt: number | null },
  nowMs: number,
): boolean {
  return record.revokedAt === null && (record.expiresAt === null || nowMs < record.expiresAt)
}
