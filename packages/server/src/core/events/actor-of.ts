/** What the trail says of a caller. */
import type { Actor } from '../../catalog/event-steps.ts'
import { callerId, isLink } from '../identity.ts'
import type { Caller } from '../identity.ts'

export function actorOf(caller: Caller): Actor {
  return {
    keyId: callerId(caller),
    linkId: isLink(caller) ? caller.linkId : null,
    address: caller.clientIp,
    agent: caller.agent ?? null,
  }
}
