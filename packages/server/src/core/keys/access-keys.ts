/** S3 key pairs: those given to clients, and those the server holds to sign its own links. */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { requireAdmin } from '../access.ts'
import type { CoreContext } from '../context.ts'
import { DomainError } from '../errors.ts'
import { createAccessKeyId, createSecretText } from '../ids.ts'
import type { Principal } from '../identity.ts'
import { MAX_EXPIRES_SECONDS, MIN_SECRET_BYTES, REASON_NEEDED_SECONDS } from '../limits.ts'
import { createScope } from './scopes.ts'
import type { ScopeOptions } from './scopes.ts'

export interface AccessKeyOptions extends ScopeOptions {
  readonly name: string
  readonly expiresAt?: Date
  /** The longest life of a URL presigned with it; a day unless said otherwise. */
  readonly maxExpiresInSeconds?: number
  /** Presigned DELETE is refused without it. */
  readonly mayPresignDelete?: boolean
}

export interface CreatedAccessKey {
  readonly record: AccessKeyRecord
  /** Shown once. */
  readonly secretAccessKey: string
}

export async function createAccessKey(
  core: CoreContext,
  principal: Principal,
  options: AccessKeyOptions,
): Promise<CreatedAccessKey> {
  requireAdmin(principal)
  const scope = createScope(principal, options)
  const maxExpiresInSeconds = options.maxExpiresInSeconds ?? REASON_NEEDED_SECONDS
  if (maxExpiresInSeconds > MAX_EXPIRES_SECONDS) {
    const reason = `at most ${MAX_EXPIRES_SECONDS} seconds`
    const field = 'maxExpiresIn'
    throw new DomainError('field-invalid', `${field}: ${reason}.`, { field, reason })
  }
  const created = sealAccessKey(core, {
    id: createAccessKeyId(core.random),
    kind: 'access',
    name: options.name,
    secretAccessKey: createSecretText(core.random),
    scope,
    maxExpiresInSeconds,
    mayPresignDelete: options.mayPresignDelete ?? false,
    createdBy: principal.id,
    expiresAt: options.expiresAt?.getTime() ?? null,
  })
  await core.catalog.keys.insertAccessKey(created.record)
  await core.keyRing.refresh()
  core.log.info({ key: created.record.id, by: principal.id }, 'access key created')
  return created
}

/** Access keys and signing keys, revoked ones too; secrets stay sealed. */
export async function listAccessKeys(
  core: CoreContext,
  principal: Principal,
): Promise<readonly AccessKeyRecord[]> {
  requireAdmin(principal)
  return (await core.keyRing.refresh()).snapshot.accessKeys
}

/**
 * A new signing key takes over at once; the ones before it go on verifying what they signed, until their last link must have
 * run out. No restart, no live link broken.
 */
export async function rotateSigningKey(
  core: CoreContext,
  principal: Principal,
): Promise<AccessKeyRecord> {
  requireAdmin(principal)
  const { record } = createSigningKey(core, principal.id)
  await core.catalog.keys.insertAccessKey(record)
  const { accessKeys } = await core.catalog.keys.snapshot()
  for (const { id, kind, state } of accessKeys) {
    if (kind !== 'signing' || state !== 'active' || id === record.id) continue
    await core.catalog.keys.setSigningKeyState(id, 'retiring')
  }
  await core.keyRing.refresh()
  core.log.info({ key: record.id, by: principal.id }, 'signing key rotated')
  return record
}

/** Retires signing keys whose successor is older than the longest life of a link: nothing they signed can be in time. */
export async function retireSigningKeys(core: CoreContext): Promise<number> {
  const { accessKeys } = await core.catalog.keys.snapshot()
  const signing = accessKeys.filter(({ kind }) => kind === 'signing')
  const deadline = core.clock.now() - MAX_EXPIRES_SECONDS * 1000
  let retired = 0
  for (const { id, state, createdAt } of signing) {
    const hasOldSuccessor = signing.some(
      (other) => other.createdAt > createdAt && other.createdAt < deadline,
    )
    if (state !== 'retiring' || !hasOldSuccessor) continue
    if (await core.catalog.keys.setSigningKeyState(id, 'retired')) retired += 1
  }
  if (retired > 0) await core.keyRing.refresh()
  return retired
}

/** A signing key can read and write, nothing more: a link it signs can never delete, list or administer. */
export function createSigningKey(core: CoreContext, createdBy: string): CreatedAccessKey {
  return sealAccessKey(core, {
    id: createAccessKeyId(core.random),
    kind: 'signing',
    name: 'signing key',
    secretAccessKey: createSecretText(core.random),
    scope: { actions: ['read', 'write'], pathPrefix: '', cidrs: [] },
    maxExpiresInSeconds: MAX_EXPIRES_SECONDS,
    mayPresignDelete: false,
    createdBy,
    expiresAt: null,
  })
}

type AccessKeyFields = Omit<
  AccessKeyRecord,
  'sealedSecret' | 'state' | 'createdAt' | 'revokedAt'
> & {
  readonly secretAccessKey: string
}

/** The record with its secret sealed. A secret shorter than 32 bytes is a `RangeError`. */
export function sealAccessKey(core: CoreContext, fields: AccessKeyFields): CreatedAccessKey {
  const { secretAccessKey, ...rest } = fields
  if (Buffer.byteLength(secretAccessKey) < MIN_SECRET_BYTES) {
    throw new RangeError(`secretAccessKey must have at least ${MIN_SECRET_BYTES} bytes`)
  }
  const record: AccessKeyRecord = {
    ...rest,
    sealedSecret: core.sealer.seal(rest.id, secretAccessKey),
    state: 'active',
    createdAt: core.clock.now(),
    revokedAt: null,
  }
  return { record, secretAccessKey }
}
