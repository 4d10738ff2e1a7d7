/** The parameters by which parts and their uploads are named. */
import { refusal } from '../../../core/errors.ts'
import { MAX_PARTS } from '../../../core/limits.ts'
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
export function parseCount(request: S3Request, field: string, usual: number): number {
  const text = queryValue(request, field)
  if (text === null || text === '') return usual
  if (/^\d{1,10}$/.test(text)) return Number(text)
  const reason = 'it must be a number from 0 to 2147483647'
  throw refusal('field-invalid', { field, reason })
}
