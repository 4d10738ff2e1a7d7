/** Another bound for what may lie there of what is stored with a key, and with those that share its room. */
import type { NewKeyBounds } from '../../catalog/catalog.ts'
import type { KeyQuota } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'
import type { KeyRecord } from './revoke-key.ts'

/** What is not named stays as it is; `null` is any number. */
export interface QuotaChange {
  readonly maxTotalBytes?: number | null
  readonly maxFiles?: number | null
}

/**
 * Holds from the next write on, for uploads that are under way too; what lies there stays. Throws `field-invalid` for a key without a quota
 * of its own, of which nobody has counted what it stored, and `forbidden` for a caller that has one.
 */
export async function changeQuota(
  core: CoreContext,
  permit: Permit<'admin'>,
  { id, scope }: Pick<KeyRecord, 'id' | 'scope'>,
  change: QuotaChange,
): Promise<void> {
  const { caller } = permit
  if (caller.scope.quota !== undefined) {
    const reason = 'A key that has a quota gives no room: ask a key without one'
    throw refusal('forbidden', { action: 'change a quota', reason })
  }
  requireOwn(id, scope.quota)
  const { maxTotalBytes: maxBytes, maxFiles } = change
  const bounds: NewKeyBounds = {
    ...(maxBytes !== undefined && { maxBytes }),
    ...(maxFiles !== undefined && { maxFiles }),
  }
  const isDone = await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.setQuota(id, bounds, rights),
  )
  if (!isDone) throw refusal('key-not-found', { id })
  await core.keyRing.refresh()
  core.log.info({ key: id, ...bounds, by: callerId(caller) }, 'quota changed')
}

function requireOwn(id: string, quota: KeyQuota | undefined): void {
  if (quota?.keyId === id) return
  const reason =
    quota === undefined
      ? 'this key was made without a quota, and nobody counted what it stored; make another one with a quota'
      : `this key shares the room of the key ${quota.keyId}: change the quota of that one`
  throw refusal('field-invalid', { field: 'quota', reason })
}
