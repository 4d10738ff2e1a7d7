/** What the record of a link alone says against it, whoever comes with the link. `at`: when the request came. */
import type { GrantRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'

export function refusePaused({ pausedAt }: GrantRecord): DomainError | null {
  return pausedAt === null ? null : refusal('link-paused', {})
}

export function refuseBeforeBegin({ terms }: GrantRecord, at: number): DomainError | null {
  const { notBefore = 0 } = terms
  return at < notBefore ? refusal('link-not-yet', { notBefore }) : null
}

/** The signature says until when it may be asked; the record, if it was shortened since. */
export function refuseAfterEnd({ expiresAt }: GrantRecord, at: number): DomainError | null {
  return at < expiresAt ? null : refusal('link-shortened', { expiresAt })
}
