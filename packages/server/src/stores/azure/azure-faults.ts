/** What Azure says when something is wrong, as the faults of the port. */
import { MINUTE_MS } from '../../platform/durations.ts'
import {
  storeConflict,
  storeFull,
  storeRefused,
  storeUnavailable,
} from '../../platform/store-errors.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { refused, unexpected } from '../send/store-faults.ts'

/** Another attempt may find it otherwise: too much at once, damage on the way. */
export const RETRIED_CODES: ReadonlySet<string> = new Set([
  'InternalError',
  'Md5Mismatch',
  'OperationTimedOut',
  'ServerBusy',
])

const REFUSED: ReadonlySet<string> = new Set([
  'AccountIsDisabled',
  'AuthenticationFailed',
  'AuthorizationFailure',
  'AuthorizationPermissionMismatch',
  'AuthorizationProtocolMismatch',
  'AuthorizationResourceTypeMismatch',
  'AuthorizationServiceMismatch',
  'AuthorizationSourceIPMismatch',
  'InsufficientAccountPermissions',
  'InvalidAuthenticationInfo',
  'NoAuthenticationInformation',
  'PublicAccessNotPermitted',
])

/** Azure takes requests whose date is so far off. */
const MOST_SKEW_MS = 15 * MINUTE_MS

/** The fault that a refusal is, where no call expects it. */
export function faultOf(store: string, answer: StoreAnswer, nowMs: number): StoreError {
  const { status, code } = answer
  if (status === 507 || code === 'RequestBodyTooLarge') {
    return storeFull(`${store} has no room (${code ?? status}).`)
  }
  if (code === 'ContainerNotFound') return storeRefused(`${store}: there is no such container.`)
  if (code === 'ContainerBeingDeleted') {
    return storeUnavailable(`${store}: the container is being deleted.`)
  }
  if (code === 'SnapshotsPresent') {
    return storeUnavailable(
      `${store}: an object has snapshots, which are not deleted along with it.`,
    )
  }
  if (code?.startsWith('Lease') === true) {
    return storeUnavailable(`${store}: somebody holds a lease on the object (${code}).`)
  }
  if (status === 409 || status === 412) {
    return storeConflict(`${store}: the object is another one (${code ?? status}).`)
  }
  return refusedOf(store, answer, nowMs) ?? unexpected(store, answer)
}

function refusedOf(store: string, answer: StoreAnswer, nowMs: number): StoreError | null {
  const { status, code, header } = answer
  const isRefused = (code !== null && REFUSED.has(code)) || status === 401 || status === 403
  if (!isRefused) return null
  const awayMs = Math.abs(Date.parse(header('date') ?? '') - nowMs)
  if (awayMs > MOST_SKEW_MS) {
    return storeRefused(
      `The clocks of this machine and of ${store} differ by ${Math.round(awayMs / 1000)} seconds: put the wrong one right.`,
    )
  }
  return refused(store, answer)
}

/** There is no such object: not to be taken for there being no such container. */
export function isAbsentBlob({ status, code }: StoreAnswer): boolean {
  return status === 404 && code !== 'ContainerNotFound' && code !== 'ResourceNotFound'
}
