/** What Google says when something is wrong, as the faults of the port. */
import { storeConflict, storeFull, storeRefused } from '../../platform/store-errors.ts'
import type { StoreError } from '../../platform/store-errors.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import { unexpected } from '../send/store-faults.ts'
import { parseJson, memberOf } from './gcs-documents.ts'

/** Another attempt may find it otherwise: too much at once, tokens that are renewed. */
export const RETRIED_CODES: ReadonlySet<string> = new Set([
  'authError',
  'backendError',
  'internalError',
  'rateLimitExceeded',
  'userRateLimitExceeded',
])

/** The reason of an error; `null` for anything else. */
export function codeOfError(text: string): string | null {
  if (!text.includes('"error"')) return null
  const error = memberOf(parseJson(text), 'error')
  const errors = memberOf(error, 'errors')
  const message = memberOf(error, 'message')
  if (typeof message === 'string' && /bucket does not exist/.test(message)) return 'bucketNotFound'
  const reason = memberOf(Array.isArray(errors) ? (errors as unknown[])[0] : null, 'reason')
  return typeof reason === 'string' ? reason : null
}

/** The fault that a refusal is, where no call expects it. */
export function faultOf(store: string, answer: StoreAnswer): StoreError {
  const { status, code } = answer
  if (status === 413 || status === 507)
    return storeFull(`${store} has no room (${code ?? status}).`)
  if (status === 409 || status === 412) {
    return storeConflict(`${store}: the object is another one (${code ?? status}).`)
  }
  if (code === 'bucketNotFound') return storeRefused(`${store}: there is no such bucket.`)
  return unexpected(store, answer)
}

/** There is no such object, which is not to be taken for there being no such bucket. */
export function isAbsentObject({ status, code }: StoreAnswer): boolean {
  return status === 404 && code !== 'bucketNotFound'
}
