/** The answer to an upload that waits until it was looked at. */
import type { HeldRecord } from '../../../catalog/held-steps.ts'
import type { RestAnswer } from '../operation.ts'
import { viewHeld } from './held-view.ts'

export function answerHeld(held: HeldRecord): RestAnswer {
  const { heldId } = held
  return {
    status: 202,
    headers: { location: `/v1/quarantine/${heldId}`, 'x-hallpass-held': heldId },
    body: viewHeld(held),
  }
}
