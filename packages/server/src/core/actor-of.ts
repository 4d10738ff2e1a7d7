/** What the trail says of a caller. */
import type { Actor } from '../catalog/event-steps.ts'
import { callerId, isLink } from './identity.ts'
import type { Caller } from './identity.ts'
import { agentWithoutSecrets } from './without-secrets.ts'

export function actorOf(caller: Caller): Actor {
  const { agent = null } = caller
  return {
    keyId: callerId(caller),
    linkId: isLink(caller) ? caller.linkId : null,
    address: caller.clientIp,
    agent: agent === null ? null : agentWithoutSecrets(agent),
  }
}
