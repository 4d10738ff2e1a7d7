/** What S3 and its kin say when something is wrong, as the faults of the port. */
import { storeConflict, storeFull, storeRefused } from '../../platform/store-errors.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { refused, unexpected } from '../send/store-faults.ts'

/** Another attempt may find it otherwise: too much at once, damage on the way, credentials that are renewed. */
export const RETRIED_CODES: ReadonlySet<string> = new Set([
  'BadDigest',
  'BandwidthLimitExceeded',
  'ExpiredToken',
  'IncompleteBody',
  'InternalError',
  'RequestLimitExceeded',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'SlowDown',
  'SlowDownRead',
  'SlowDownWrite',
  'Throttling',
  'ThrottlingException',
  'XAmzContentSHA256Mismatch',
])

const FULL: ReadonlySet<string> = new Set([
  'EntityTooLarge',
  'InsufficientStorage',
  'QuotaExceeded',
  'XMinioStorageFull',
])

const REFUSED: ReadonlySet<string> = new Set([
  'AccessDenied',
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
  'TokenRefreshRequired',
])

/** The fault that a refusal is, where no call expects it. */
export function faultOf(store: string, answer: StoreAnswer, nowMs: number): StoreError {
  const { status, code } = answer
  if (code !== null && FULL.has(code)) return storeFull(`${store} has no room (${code}).`)
  if (status === 507) return storeFull(`${store} has no room (507).`)
  if (status === 409 || status === 412) {
    return storeConflict(`${store}: the object is another one (${code ?? status}).`)
  }
  if (code === 'NoSuchBucket') return storeRefused(`${store}: there is no such bucket.`)
  if (code === 'RequestTimeTooSkewed') return skewed(store, answer, nowMs)
  if (code !== null && REFUSED.has(code)) return refused(store, answer)
  return unexpected(store, answer)
}

/** Nobody knows the upload, or not any more. */
export function isUnknownUpload({ status, code }: StoreAnswer): boolean {
  return status === 404 && code !== 'NoSuchBucket'
}

function skewed(store: string, { header }: StoreAnswer, nowMs: number): StoreError {
  const theirs = Date.parse(header('date') ?? '')
  const seconds = Math.round(Math.abs(theirs - nowMs) / 1000)
  const by = Number.isNaN(seconds) ? '' : ` by ${seconds} seconds`
  return storeRefused(
    `The clocks of this machine and of ${store} differ${by}: put the wrong one right.`,
  )
}
