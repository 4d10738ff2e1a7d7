/** What the record of a link says against it, whoever signed for it: the state that `GET /v1/links/{id}` shows, as refusals. */
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import type { LinkView } from '../links/links.ts'

export function recordRefusals(
  { grant, state }: LinkView,
  nowMs: number,
): readonly { readonly rule: string; readonly refusal: DomainError }[] {
  const { notBefore = 0 } = grant.terms
  const all: readonly (readonly [rule: string, holds: boolean, refusal: DomainError])[] = [
    ['link-revoked', state.status === 'revoked', refusal('link-revoked', {})],
    ['link-paused', grant.pausedAt !== null, refusal('link-paused', {})],
    ['link-begin', nowMs < notBefore, refusal('link-not-yet', { notBefore })],
    ['link-uses', state.status === 'used-up', refusal('link-used', {})],
    [
      'link-end',
      nowMs >= grant.expiresAt,
      refusal('link-shortened', { expiresAt: grant.expiresAt }),
    ],
  ]
  return all.flatMap(([rule, holds, refused]) => (holds ? [{ rule, refusal: refused }] : []))
}
