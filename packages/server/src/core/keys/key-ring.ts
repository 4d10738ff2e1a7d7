/**
 * Every key and revocation in memory, never staler than KEY_REFRESH_MS, so that a signature is checked without a query
 * and a key revoked by another process is refused within a second.
 */
import type { Catalog, KeySnapshot } from '../../catalog/catalog.ts'
import type { ApiKeyRecord, RevocationRecord } from '../../catalog/records.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Keys, LinkOrigin, UsableAccessKey } from '../known-keys.ts'
import { KEY_REFRESH_MS } from '../limits.ts'
import { foldersOf } from '../paths.ts'
import type { Sealer } from './seal.ts'

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
  readonly catalog: Pick<Catalog, 'keys'>
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
    // Two reads may come back in the other order: what is known is never replaced by what was before it.
    if (keys === null || snapshot.epoch >= keys.snapshot.epoch) keys = indexKeys(snapshot, sealer)
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
    const isOff = record.revokedAt !== null || record.disabledAt !== null
    if (isOff || record.state === 'retired') continue
    const secretAccessKey = sealer.open(record.id, record.sealedSecret)
    accessKeys.set(record.id, { accessKeyId: record.id, secretAccessKey, record })
  }
  const apiKeys = new Map(snapshot.apiKeys.map((record) => [record.secretHash, record]))
  const apiKeysById = new Map(snapshot.apiKeys.map((record) => [record.id, record]))
  const revocations = new Map(snapshot.revocations.map((rule) => [rule.scope, rule]))

  const signingKey = [...accessKeys.values()]
    .filter(({ record }) => record.kind === 'signing' && record.state === 'active')
    .toSorted((a, b) => b.record.createdAt - a.record.createdAt)[0]

  return {
    snapshot,
    signingKey: signingKey ?? null,
    findAccessKey: (id, nowMs) => {
      const found = accessKeys.get(id)
      return found !== undefined && isAlive(found.record, nowMs) ? found : null
    },
    findApiKey: (secretHash, nowMs) => alive(apiKeys.get(secretHash), nowMs),
    findApiKeyById: (id, nowMs) => alive(apiKeysById.get(id), nowMs),
    findRevocation: (link) => (revocations.size === 0 ? null : furthest(revocations, link)),
  }
}

function furthest(
  revocations: ReadonlyMap<string, RevocationRecord>,
  { keyIds, bucket, key }: LinkOrigin,
): RevocationRecord | null {
  const scopes = ['', `file:${bucket}/${key}`]
  for (const id of keyIds) scopes.push(`key:${id}`)
  for (const folder of foldersOf(bucket, key)) scopes.push(`folder:${folder}`)
  let found: RevocationRecord | null = null
  for (const scope of scopes) {
    const rule = revocations.get(scope)
    if (rule !== undefined && rule.notBefore > (found?.notBefore ?? 0)) found = rule
  }
  return found
}

function alive(record: ApiKeyRecord | undefined, nowMs: number): ApiKeyRecord | null {
  return record !== undefined && isAlive(record, nowMs) ? record : null
}

function isAlive(
  record: { readonly revokedAt: number | null; readonly expiresAt: number | null },
  nowMs: number,
): boolean {
  return record.revokedAt === null && (record.expiresAt === null || nowMs < record.expiresAt)
}
