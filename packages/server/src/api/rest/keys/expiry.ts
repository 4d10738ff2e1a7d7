/** The end of a key's life, as it stands in a request. */
import { DomainError } from '../../../core/errors.ts'

/** Throws `field-invalid` for a time that is over, because such a key would never work. */
export function parseKeyExpiry(text: string, nowMs: number): Date {
  const expiresAt = new Date(Date.parse(text))
  if (expiresAt.getTime() > nowMs) return expiresAt
  const reason = 'it must be a time to come'
  throw new DomainError('field-invalid', `expiresAt: ${reason}.`, { field: 'expiresAt', reason })
}
