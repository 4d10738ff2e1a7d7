/** The end of a key's life, as it stands in a request. */
import { refusal } from '../../../core/errors.ts'

/** Throws `field-invalid` for a time that is over, because such a key would never work. */
export function parseKeyExpiry(text: string, nowMs: number): Date {
  const expiresAt = new Date(Date.parse(text))
  if (expiresAt.getTime() > nowMs) return expiresAt
  throw refusal('field-invalid', { field: 'expiresAt', reason: 'it must be a time to come' })
}
