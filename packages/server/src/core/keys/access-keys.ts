/** S3 key pairs that are given to clients. Those the server holds itself are in signing-keys.ts. */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { createAccessKeyId, createSecretText } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { MIN_SECRET_BYTES, REASON_NEEDED_SECONDS } from '../limits.ts'
import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { chooseKeyEnd, createScope } from './scopes.ts'
import type { ScopeOptions } from './scopes.ts'

export interface AccessKeyOptions extends ScopeOptions {
  readonly name: string
  /** As long as its maker, unless said otherwise. */
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

/** Throws `forbidden` for a key that would exceed or outlive its maker. */
export async function createAccessKey(
  core: CoreContext,
  permit: Permit<'admin'>,
  options: AccessKeyOptions,
): Promise<CreatedAccessKey> {
  const id = createAccessKeyId(core.random)
  const scope = createScope(permit, { ...options, id })
  const maxExpiresInSeconds = options.maxExpiresInSeconds ?? REASON_NEEDED_SECONDS
  if (maxExpiresInSeconds > MAX_EXPIRES_SECONDS) {
    const reason = `at most ${MAX_EXPIRES_SECONDS} seconds`
    throw refusal('field-invalid', { field: 'maxExpiresIn', reason })
  }
  const createdBy = callerId(permit.caller)
  const created = sealAccessKey(core, {
    id,
    kind: 'access',
    name: options.name,
    secretAccessKey: createSecretText(core.random),
    scope,
    maxExpiresInSeconds,
    mayPresignDelete: options.mayPresignDelete ?? false,
    createdBy,
    expiresAt: await chooseKeyEnd(core, permit, options.expiresAt),
  })
  await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.insertAccessKey(created.record, rights),
  )
  await core.keyRing.refresh()
  core.log.info({ key: created.record.id, by: createdBy }, 'access key created')
  return created
}

/** Access keys, revoked ones too; secrets stay sealed. */
export async function listAccessKeys(
  core: CoreContext,
  _permit: Permit<'admin'>,
): Promise<readonly AccessKeyRecord[]> {
  const { accessKeys } = (await core.keyRing.refresh()).snapshot
  return accessKeys.filter(({ kind }) => kind === 'access')
}

/** Off, or on again, everywhere within a second; throws `key-not-found` for one that is not there or was revoked. */
// oxlint-disable-next-line max-params -- which key, and what becomes of it
export async function setAccessKeyDisabled(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
  isDisabled: boolean,
): Promise<AccessKeyRecord> {
  const disabledAt = isDisabled ? core.clock.now() : null
  const isDone = await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.setDisabled(id, disabledAt, rights),
  )
  const { accessKeys } = (await core.keyRing.refresh()).snapshot
  const record = accessKeys.find((known) => known.id === id)
  if (!isDone || record === undefined) throw refusal('key-not-found', { id })
  core.log.info(
    { key: id, disabled: isDisabled, by: callerId(permit.caller) },
    'access key switched',
  )
  return record
}

type AccessKeyFields = Omit<
  AccessKeyRecord,
  'sealedSecret' | 'state' | 'rotatedAt' | 'createdAt' | 'revokedAt' | 'lastUsedAt' | 'disabledAt'
> & {
  readonly secretAccessKey: string
}

/** The record with its secret sealed. A secret shorter than 32 bytes is a `RangeError`. */
export function sealAccessKey(
  core: Pick<CoreContext, 'sealer' | 'clock'>,
  fields: AccessKeyFields,
): CreatedAccessKey {
  const { secretAccessKey, ...rest } = fields
  if (Buffer.byteLength(secretAccessKey) < MIN_SECRET_BYTES) {
    throw new RangeError(`secretAccessKey must have at least ${MIN_SECRET_BYTES} bytes`)
  }
  const record: AccessKeyRecord = {
    ...rest,
    sealedSecret: core.sealer.seal(rest.id, secretAccessKey),
    state: 'active',
    rotatedAt: null,
    createdAt: core.clock.now(),
    revokedAt: null,
    lastUsedAt: null,
    disabledAt: null,
  }
  return { record, secretAccessKey }
}
