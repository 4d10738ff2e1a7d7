/** Does what a verdict says: the file becomes one, goes, or waits on. What has become impossible meanwhile is a refusal too. */
import type { AdmitOutcome, HeldRecord } from '../../catalog/held-steps.ts'
import type { Actor } from '../../catalog/event-steps.ts'
import type { Quota } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { bucketNotFound } from '../buckets/buckets.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { fileNotFound } from '../find-version.ts'
import { quotaExceeded } from '../files/quota.ts'
import { formatPath } from '../paths.ts'

export type Settled = 'admitted' | 'rejected' | 'gone'

export async function admitHeld(
  core: CoreContext,
  held: HeldRecord,
  quotas: readonly Quota[],
): Promise<Settled> {
  const { outcome } = await core.catalog.held.admit(held.heldId, {
    quotas,
    nowMs: core.clock.now(),
  })
  if (outcome === 'admitted' || outcome === 'gone') return outcome
  return rejectHeld(core, held, { refusal: explain(held, quotas, outcome) })
}

export async function rejectHeld(
  core: CoreContext,
  { heldId, bucket, key, holder }: HeldRecord,
  { refusal: why, by }: { readonly refusal: DomainError; readonly by?: Actor },
): Promise<Settled> {
  const { code, message: reason } = why
  const rejection = { code, reason, nowMs: core.clock.now(), ...(by !== undefined && { by }) }
  if (!(await core.catalog.held.reject(heldId, rejection))) return 'gone'
  core.log.info({ held: heldId, path: formatPath({ bucket, key }), holder, code }, 'file refused')
  return 'rejected'
}

// oxlint-disable-next-line max-params -- what was asked, and what came of it
function explain(
  held: HeldRecord,
  quotas: readonly Quota[],
  outcome: Exclude<AdmitOutcome['outcome'], 'admitted' | 'gone'>,
): DomainError {
  switch (outcome) {
    case 'bucket-missing':
      return bucketNotFound(held.bucket)
    case 'file-missing':
      return fileNotFound(held.move?.from ?? held)
    case 'condition-failed':
      return refusal('precondition-failed', { condition: 'If-None-Match' })
    case 'target-exists':
      return refusal('file-exists', { path: formatPath(held) })
    case 'over-quota':
      return quotaExceeded(quotas)
  }
}
