/** The parameters by which parts and their uploads are named. */
import { refusal } from '../../../core/errors.ts'
import { MAX_PARTS } from '../../../platform/s3-limits.ts'
import { queryValue } from '../face.ts'
import type { S3Request } from '../face.ts'

export function uploadIdOf(request: S3Request): string {
  return queryValue(request, 'uploadId') ?? ''
}

/** Throws `field-invalid`. */
export function parsePartNumber(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (number >= 1 && number <= MAX_PARTS) return number
  const reason = `Part number must be an integer between 1 and ${MAX_PARTS}, inclusive`
  throw refusal('field-invalid', { field: 'partNumber', reason })
}

/** A number in a query; throws `field-invalid`. */
export function countOf(request: S3Request, field: string, usual: number): number {
  const text = queryValue(request, field)
  return text === null || text === '' ? usual : parseCount(field, text)
}

const MAX_COUNT = 2_147_483_647

/** Throws `field-invalid`, in S3's words for what is a number and for what is none. */
export function parseCount(field: string, text: string): number {
  const count = /^-?\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  if (count >= 0 && count <= MAX_COUNT) return count
  const reason =
    count < 0
      ? `Argument ${field} must be an integer between 0 and ${MAX_COUNT}`
      : `Provided ${field} not an integer or within integer range`
  throw refusal('field-invalid', { field, reason })
}
