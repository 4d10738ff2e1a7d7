/**
 * Makes the keys without which nothing works: a signing key, and on the first start an admin API key and an S3 key pair. Keys
 * given in the settings are seeded instead of made, on every start, so that a container needs no state to begin with.
 */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { createAccessKeyId, createId, createSecretText } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { MAX_EXPIRES_SECONDS } from '../limits.ts'
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
/** `createdBy` of keys that follow the settings. */
const SETTINGS = 'settings'

export async function ensureKeys(core: CoreContext, seeds: KeySeeds): Promise<FirstStart> {
  const { snapshot } = await core.keyRing.refresh()
  if (!snapshot.accessKeys.some(({ kind, state }) => kind === 'signing' && state === 'active')) {
    await core.catalog.keys.insertAccessKey(createSigningKey(core, SYSTEM).record)
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
    await followAdminKey(core, seeds.adminKey)
    return null
  }
  if (!isFirst) return null
  const secret = createApiKeySecret(core)
  await insertAdminKey(core, secret, SYSTEM)
  return secret
}

/** The key of the settings is an admin key, and the one that came from there before is none any more. */
async function followAdminKey(core: CoreContext, secret: string): Promise<void> {
  const { apiKeys } = await core.catalog.keys.snapshot()
  const secretHash = hashApiKey(secret)
  const known = apiKeys.find((key) => key.secretHash === secretHash)
  if (known !== undefined && known.revokedAt !== null) {
    core.log.warn({ key: known.id }, 'HALLPASS_ADMIN_KEY is a key that was revoked: choose another')
    return
  }
  if (known === undefined) await insertAdminKey(core, secret, SETTINGS)
  const before = apiKeys.filter(
    ({ createdBy, revokedAt, id }) =>
      createdBy === SETTINGS && revokedAt === null && id !== known?.id,
  )
  if (before.length === 0) return
  const ids = before.map(({ id }) => id)
  await core.catalog.keys.revoke(ids, core.clock.now())
  core.log.info({ keys: ids }, 'HALLPASS_ADMIN_KEY changed: the key before it is revoked')
}

async function insertAdminKey(core: CoreContext, secret: string, createdBy: string): Promise<void> {
  await core.catalog.keys.insertApiKey({
    id: createId(core.random, 'key_'),
    name: 'admin',
    secretHash: hashApiKey(secret),
    scope: FULL_SCOPE,
    createdAt: core.clock.now(),
    createdBy,
    expiresAt: null,
    revokedAt: null,
  })
}

async function ensureAccessKey(
  core: CoreContext,
  seeds: KeySeeds,
  isFirst: boolean,
): Promise<FirstStart['accessKey']> {
  if (seeds.accessKey === undefined && !isFirst) return null
  const id = seeds.accessKey?.accessKeyId ?? createAccessKeyId(core.random)
  const { accessKeys } = await core.catalog.keys.snapshot()
  const existing = accessKeys.find((key) => key.id === id)
  if (existing !== undefined) {
    requireSameSecret(core, existing, seeds.accessKey?.secretAccessKey)
    return null
  }
  const { record, secretAccessKey } = sealAccessKey(core, {
    id,
    kind: 'access',
    name: 'first key pair',
    secretAccessKey: seeds.accessKey?.secretAccessKey ?? createSecretText(core.random),
    scope: FULL_SCOPE,
    maxExpiresInSeconds: MAX_EXPIRES_SECONDS,
    mayPresignDelete: false,
    createdBy: SYSTEM,
    expiresAt: null,
  })
  await core.catalog.keys.insertAccessKey(record)
  return seeds.accessKey === undefined ? { accessKeyId: id, secretAccessKey } : null
}

/** A changed secret under an old id would be ignored silently, and every client refused: say so instead. */
function requireSameSecret(
  core: CoreContext,
  { id, sealedSecret }: AccessKeyRecord,
  secretAccessKey: string | undefined,
): void {
  if (core.sealer.open(id, sealedSecret) === secretAccessKey) return
  const field = 'HALLPASS_SECRET_ACCESS_KEY'
  const reason = `key ${id} is stored with another secret; choose a new HALLPASS_ACCESS_KEY_ID or the old secret`
  throw refusal('field-invalid', { field, reason })
}
