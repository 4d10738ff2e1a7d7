/** The keys with which the server signs its own links: made, rotated and ended without a restart. */
import type { AccessKeyRecord } from '../../catalog/records.ts'
import { createAccessKeyId, createSecretText } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { MAX_EXPIRES_SECONDS } from '../../platform/s3-limits.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import { sealAccessKey } from './access-keys.ts'
import type { CreatedAccessKey } from './access-keys.ts'

/** A signing key can read and write, nothing more: a link it signs can never delete, list or administer. */
export function createSigningKey(
  core: Pick<CoreContext, 'random' | 'sealer' | 'clock'>,
  createdBy: string,
): CreatedAccessKey {
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

/** The signing keys, revoked and retired ones too; secrets stay sealed. */
export async function listSigningKeys(
  core: CoreContext,
  _permit: Permit<'admin'>,
): Promise<readonly AccessKeyRecord[]> {
  const { accessKeys } = (await core.keyRing.refresh()).snapshot
  return accessKeys.filter(({ kind }) => kind === 'signing')
}

/**
 * A new signing key takes over at once. The one before it goes on verifying what it signed until then, as long as a link can
 * live, and nothing that is dated later. No restart, no live link broken.
 */
export async function rotateSigningKey(
  core: CoreContext,
  permit: Permit<'admin'>,
): Promise<AccessKeyRecord> {
  const by = callerId(permit.caller)
  const { record } = createSigningKey(core, by)
  await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.rotate(record, core.clock.now(), rights),
  )
  await core.keyRing.refresh()
  core.log.info({ key: record.id, by }, 'signing key rotated')
  return record
}

/**
 * Ends a signing key that leaked, and every link it signed, at once; the active one gets a successor first. Throws
 * `key-not-found`.
 */
export async function endSigningKey(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<void> {
  const key = (await listSigningKeys(core, permit)).find((known) => known.id === id)
  if (key === undefined || key.revokedAt !== null) throw refusal('key-not-found', { id })
  if (key.state === 'active') await rotateSigningKey(core, permit)
  await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.revoke([id], core.clock.now(), rights),
  )
  await core.keyRing.refresh()
  core.log.info({ key: id, by: callerId(permit.caller) }, 'signing key ended')
}

/**
 * The scheduled rotation: a new key takes over from one that has signed for `maxAgeMs`. Whoever does this in several processes at
 * once rotates more than once, which breaks no link. How many took over.
 */
export async function rotateAgedSigningKey(core: CoreContext, maxAgeMs: number): Promise<number> {
  const { accessKeys } = await core.catalog.keys.snapshot()
  const active = accessKeys.find(({ kind, state }) => kind === 'signing' && state === 'active')
  const now = core.clock.now()
  if (active === undefined || now - active.createdAt < maxAgeMs) return 0
  const { record } = createSigningKey(core, 'schedule')
  await core.catalog.keys.rotate(record, now, null)
  await core.keyRing.refresh()
  return 1
}

/** Retires signing keys that were rotated away longer ago than a link can live: nothing they signed can be in time. */
export async function retireSigningKeys(core: CoreContext): Promise<number> {
  const { accessKeys } = await core.catalog.keys.snapshot()
  const deadline = core.clock.now() - MAX_EXPIRES_SECONDS * 1000
  let retired = 0
  for (const { id, state, rotatedAt } of accessKeys) {
    if (state !== 'retiring' || rotatedAt === null || rotatedAt >= deadline) continue
    if ((await core.catalog.keys.setSigningKeyState(id, 'retired', null)) === true) retired += 1
  }
  if (retired > 0) await core.keyRing.refresh()
  return retired
}
