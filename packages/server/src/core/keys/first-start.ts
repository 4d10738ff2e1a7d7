/**
 * Makes the keys without which nothing works: a signing key, and on the first start an admin API key and an S3 key pair. Keys
 * given in the settings are seeded instead of made, on every start, so that a container needs no state to begin with; a
 * new one there replaces the one that stood there before, because whoever changes a key wants the old one to end.
 */
import type { AccessKeyRecord, ApiKeyRecord } from '../../catalog/records.ts'
import { createAccessKeyId, createId, createSecretText } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'

import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { sealAccessKey } from './access-keys.ts'
import { createApiKeySecret, hashApiKey } from './api-keys.ts'
import { FULL_SCOPE } from './scopes.ts'
import { createSigningKey } from './signing-keys.ts'

export interface KeySeeds {
  readonly adminKey?: string
  readonly accessKey?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** Secrets that were just made and can be shown this once; empty on every later start. */
export interface FirstStart {
  readonly adminKey: string | null
  readonly accessKey: { readonly accessKeyId: string; readonly secretAccessKey: string } | null
}

const SYSTEM = 'first-start'
/** Marks keys that came from the settings. */
const SETTINGS = 'settings'

export async function ensureKeys(core: CoreContext, seeds: KeySeeds): Promise<FirstStart> {
  const { snapshot } = await core.keyRing.refresh()
  if (!snapshot.accessKeys.some(({ kind, state }) => kind === 'signing' && state === 'active')) {
    await core.catalog.keys.insertAccessKey(createSigningKey(core, SYSTEM).record, null)
  }
  const isFirst = snapshot.apiKeys.length === 0 && snapshot.accessKeys.length === 0
  const adminKey = await ensureAdminKey(core, seeds, isFirst)
  const accessKey = await ensureAccessKey(core, seeds, isFirst)
  await core.keyRing.refresh()
  return { adminKey, accessKey }
}

async function ensureAdminKey(
  core: CoreContext,
  seeds: KeySeeds,
  isFirst: boolean,
): Promise<string | null> {
  if (seeds.adminKey !== undefined) {
    await seedAdminKey(core, seeds.adminKey)
    return null
  }
  if (!isFirst) return null
  const secret = createApiKeySecret(core)
  await core.catalog.keys.insertApiKey(toAdminKey(core, hashApiKey(secret), SYSTEM), null)
  return secret
}

async function seedAdminKey(core: CoreContext, secret: string): Promise<void> {
  const secretHash = hashApiKey(secret)
  const { apiKeys } = await core.catalog.keys.snapshot()
  const same = apiKeys.filter((key) => key.secretHash === secretHash)
  if (same.length === 0) {
    await core.catalog.keys.insertApiKey(toAdminKey(core, secretHash, SETTINGS), null)
  } else if (same.every(({ revokedAt }) => revokedAt !== null)) {
    throw revokedKey('HALLPASS_ADMIN_KEY')
  }
  // Last, so that a crash in between leaves one key too many and not one too few.
  await revokeOthers(core, apiKeys, ({ secretHash: other }) => other === secretHash)
}

function toAdminKey(core: CoreContext, secretHash: string, createdBy: string): ApiKeyRecord {
  return {
    id: createId(core.random, 'key_'),
    name: 'admin',
    secretHash,
    scope: FULL_SCOPE,
    createdAt: core.clock.now(),
    createdBy,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
  }
}

async function ensureAccessKey(
  core: CoreContext,
  seeds: KeySeeds,
  isFirst: boolean,
): Promise<FirstStart['accessKey']> {
  if (seeds.accessKey !== undefined) {
    await seedAccessKey(core, seeds.accessKey)
    return null
  }
  if (!isFirst) return null
  const id = createAccessKeyId(core.random)
  const pair = { accessKeyId: id, secretAccessKey: createSecretText(core.random) }
  await core.catalog.keys.insertAccessKey(toAccessKey(core, pair, SYSTEM), null)
  return pair
}

type KeyPair = NonNullable<KeySeeds['accessKey']>

async function seedAccessKey(core: CoreContext, pair: KeyPair): Promise<void> {
  const { accessKeys } = await core.catalog.keys.snapshot()
  const existing = accessKeys.find((key) => key.id === pair.accessKeyId)
  if (existing === undefined) {
    await core.catalog.keys.insertAccessKey(toAccessKey(core, pair, SETTINGS), null)
  } else {
    requireSameSecret(core, existing, pair.secretAccessKey)
    if (existing.revokedAt !== null) throw revokedKey('HALLPASS_ACCESS_KEY_ID')
  }
  await revokeOthers(core, accessKeys, ({ id }) => id === pair.accessKeyId)
}

function toAccessKey(core: CoreContext, pair: KeyPair, createdBy: string): AccessKeyRecord {
  const { record } = sealAccessKey(core, {
    id: pair.accessKeyId,
    kind: 'access',
    name: 'first key pair',
    secretAccessKey: pair.secretAccessKey,
    scope: FULL_SCOPE,
    maxExpiresInSeconds: MAX_EXPIRES_SECONDS,
    // The owner's own pair does what S3's does; some clients presign every request that they send.
    mayPresignDelete: true,
    createdBy,
    expiresAt: null,
  })
  return record
}

/** Ends the keys that earlier settings brought; those made by people stay. */
async function revokeOthers<Key extends AccessKeyRecord | ApiKeyRecord>(
  core: CoreContext,
  keys: readonly Key[],
  isKept: (key: Key) => boolean,
): Promise<void> {
  for (const key of keys) {
    if (key.createdBy !== SETTINGS || key.revokedAt !== null || isKept(key)) continue
    await core.catalog.keys.revoke([key.id], core.clock.now(), null)
    core.log.info({ key: key.id }, 'key revoked: the settings have another one')
  }
}

/** A key that was ended stays ended: a restart with old settings must not undo a revocation. */
function revokedKey(field: string): DomainError<'field-invalid'> {
  const reason = 'this key was revoked, or replaced by a later one; choose another'
  return refusal('field-invalid', { field, reason })
}

/** A changed secret under an old id would be ignored silently, and every client refused: say so instead. */
function requireSameSecret(
  core: CoreContext,
  { id, sealedSecret }: AccessKeyRecord,
  secretAccessKey: string,
): void {
  if (core.sealer.open(id, sealedSecret) === secretAccessKey) return
  const field = 'HALLPASS_SECRET_ACCESS_KEY'
  const reason = `key ${id} is stored with another secret; choose a new HALLPASS_ACCESS_KEY_ID or the old secret`
  throw refusal('field-invalid', { field, reason })
}
