/** Bearer keys of the REST API. The secret is shown once and only its hash is kept. */
import { hash } from 'node:crypto'
import type { ApiKeyRecord } from '../../catalog/records.ts'
import { requireAdmin } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { createId } from '../ids.ts'
import type { Principal } from '../identity.ts'
import { createScope } from './scopes.ts'
import type { ScopeOptions } from './scopes.ts'

export interface ApiKeyOptions extends ScopeOptions {
  readonly name: string
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

export async function createApiKey(
  core: CoreContext,
  principal: Principal,
  options: ApiKeyOptions,
): Promise<{ readonly record: ApiKeyRecord; readonly secret: string }> {
  requireAdmin(principal)
  const secret = createApiKeySecret(core)
  const record: ApiKeyRecord = {
    id: createId(core.random, 'key_'),
    name: options.name,
    secretHash: hashApiKey(secret),
    scope: createScope(principal, options),
    createdAt: core.clock.now(),
    createdBy: principal.id,
    expiresAt: options.expiresAt?.getTime() ?? null,
    revokedAt: null,
  }
  await core.catalog.keys.insertApiKey(record)
  await core.keyRing.refresh()
  core.log.info({ key: record.id, by: principal.id }, 'API key created')
  return { record, secret }
}

/** Every API key, revoked ones too; never a secret. */
export async function listApiKeys(
  core: CoreContext,
  principal: Principal,
): Promise<readonly ApiKeyRecord[]> {
  requireAdmin(principal)
  return (await core.keyRing.refresh()).snapshot.apiKeys
}

/** Ends an API key or an access key, everywhere within a second; throws `key-not-found`. */
export async function revokeKey(
  core: CoreContext,
  principal: Principal,
  id: string,
): Promise<void> {
  requireAdmin(principal)
  if (!(await core.catalog.keys.revoke(id, core.clock.now()))) {
    throw new DomainError('key-not-found', 'There is no live key with this id.', { id })
  }
  await core.keyRing.refresh()
  core.log.info({ key: id, by: principal.id }, 'key revoked')
}
