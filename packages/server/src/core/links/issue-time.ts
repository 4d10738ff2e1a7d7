/**
 * When a link counts as issued, and what its signature says. The id of a link says it to the millisecond; a signature knows whole
 * seconds only, and takes the next one, so that a link for N seconds never lives less than N.
 */
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import type { Keys, LinkOrigin } from '../known-keys.ts'
import { REVOCATION_AHEAD_MS } from '../limits.ts'

/**
 * Never under a rule that ends it at once. A rule a moment ahead is waited out by dating the link with it; one that a
 * wrong clock made lies further ahead, and nothing can be issued until it is taken back: throws `revocation-ahead`.
 */
export function chooseIssueTime(core: CoreContext, keys: Keys, origin: LinkOrigin): number {
  const now = core.clock.now()
  const rule = keys.findRevocation(origin)
  if (rule === null || rule.notBefore <= now) return now
  if (rule.notBefore <= now + REVOCATION_AHEAD_MS) return rule.notBefore
  throw refusal('revocation-ahead', { scope: rule.scope, notBefore: rule.notBefore })
}

/** The whole second, not before `issuedAt`, that the signature carries. */
export function signingSecond(issuedAt: number): number {
  return Math.ceil(issuedAt / 1000) * 1000
}
