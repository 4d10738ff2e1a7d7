/** Bearer keys of the REST API. The secret is shown once and only its hash is kept. */
import { hash } from 'node:crypto'
import type { ApiKeyRecord } from '../../catalog/records.ts'
import { createId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { callerId } from '../identity.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { chooseKeyEnd, createScope } from './scopes.ts'
import type { ScopeOptions } from './scopes.ts'

export interface ApiKeyOptions extends ScopeOptions {
  readonly name: string
  /** As long as its maker, unless said otherwise. */
  readonly expiresAt?: Date
}

/** How a key is looked up and stored: lower-case hex SHA-256 of the whole key. Keys carry 238 bits, so no salt is needed. */
export function hashApiKey(secret: string): string {
  return hash('sha256', secret, 'hex')
}

/** `hp_` and 40 letters. The prefix lets secret scanners know it. */
export function createApiKeySecret(core: Pick<CoreContext, 'random'>): string {
  return createId(core.random, 'hp_', 40)
}

/** Throws `forbidden` for a key that would exceed or outlive its maker. */
export async function createApiKey(
  core: CoreContext,
  permit: Permit<'admin'>,
  options: ApiKeyOptions,
): Promise<{ readonly record: ApiKeyRecord; readonly secret: string }> {
  const secret = createApiKeySecret(core)
  const createdBy = callerId(permit.caller)
  const id = createId(core.random, 'key_')
  const record: ApiKeyRecord = {
    id,
    name: options.name,
    secretHash: hashApiKey(secret),
    scope: createScope(permit, { ...options, id }),
    createdAt: core.clock.now(),
    createdBy,
    expiresAt: await chooseKeyEnd(core, permit, options.expiresAt),
    revokedAt: null,
    lastUsedAt: null,
  }
  await changeInEpoch(core, permit, (rights) => core.catalog.keys.insertApiKey(record, rights))
  await core.keyRing.refresh()
  core.log.info({ key: record.id, by: createdBy }, 'API key created')
  return { record, secret }
}

/** Every API key, revoked ones too; never a secret. */
export async function listApiKeys(
  core: CoreContext,
  _permit: Permit<'admin'>,
): Promise<readonly ApiKeyRecord[]> {
  return (await core.keyRing.refresh()).snapshot.apiKeys
}
