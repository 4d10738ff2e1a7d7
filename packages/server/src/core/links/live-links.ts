/** How many links and shares one key, person or end user has alive at once: each is a row, and some of those who make them are strangers. */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { isLink } from '../identity.ts'
import type { Permit } from '../policy/permit.ts'

export function maxLiveOf({ linksPerKey }: CoreContext, { caller }: Permit<'share'>): number {
  const isUser = !isLink(caller) && caller.kind === 'user'
  return isUser ? Math.floor(linksPerKey / 10) : linksPerKey
}

/** Whether they were stored. Throws `link-limit`. */
export function requireFewer(outcome: boolean | 'too-many', maxLive: number | undefined): boolean {
  if (outcome === 'too-many') throw refusal('link-limit', { limit: maxLive ?? 0 })
  return outcome
}
