/** What the record of a link says against it, whoever signed for it: the state that `GET /v1/links/{id}` shows, as refusals. */
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import type { LinkView } from '../links/links.ts'
import type { BrokenRule } from '../policy/decide.ts'
import { refuseAfterEnd, refuseBeforeBegin, refusePaused } from '../policy/record-rules.ts'

export function recordRefusals({ grant, state }: LinkView, nowMs: number): readonly BrokenRule[] {
  const all: readonly (readonly [rule: string, refused: DomainError | null])[] = [
    ['link-revoked', state.status === 'revoked' ? refusal('link-revoked', {}) : null],
    ['link-paused', refusePaused(grant)],
    ['link-begin', refuseBeforeBegin(grant, nowMs)],
    ['link-uses', state.status === 'used-up' ? refusal('link-used', {}) : null],
    ['link-end', refuseAfterEnd(grant, nowMs)],
  ]
  return all.flatMap(([rule, refused]) => (refused === null ? [] : [{ rule, refusal: refused }]))
}
