/** What the trail says of a caller. */
import type { Actor } from '../catalog/event-steps.ts'
import { callerId, isLink } from './identity.ts'
import type { Caller } from './identity.ts'
import { personIdOf } from './users/user-id.ts'
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

/** Of somebody who is about to sign in. */
export function actorOfPerson(
  subject: string,
  { address, agent }: Pick<Actor, 'address' | 'agent'>,
): Actor {
  const keyId = personIdOf(subject) ?? ''
  return { keyId, linkId: null, address, agent: agent === null ? null : agentWithoutSecrets(agent) }
}
