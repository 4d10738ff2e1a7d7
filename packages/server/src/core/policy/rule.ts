/** What rules are made of: what holds (the policy), what is asked, and the words in which a rule answers. */
import type {
  AccessKeyRecord,
  Action,
  ApiKeyRecord,
  GrantRecord,
  RevocationRecord,
} from '../../catalog/records.ts'
import type { DomainError } from '../errors.ts'
import type { ResolvedFolder } from './resolve-folder.ts'
import type { Caller } from '../identity.ts'
import type { ObjectPath } from '../paths.ts'

/** Everything that a decision may depend on, read before it is made. */
export interface Policy {
  readonly folder: ResolvedFolder
  /** The caller's key, or the key that signed its link; `null` if it is revoked or had run out, and for nobody. */
  readonly key: AccessKeyRecord | ApiKeyRecord | null
  /** Links and end users: the furthest-reaching rule that covers them. */
  readonly revocation: RevocationRecord | null
  /** End users: somebody who may say so lets them do this here. */
  readonly isUserAllowed: boolean
  /** Links: the record behind it, if it has one. */
  readonly grant: GrantRecord | null
}

export interface Ask {
  readonly caller: Caller
  readonly action: Action
  readonly path: ObjectPath
  readonly nowMs: number
  /** When the request came in: what began in time may finish. */
  readonly admittedAt: number
}

export interface Rule<Asked extends Ask = Ask> {
  /** Named in logs and by whoever explains a refusal. */
  readonly name: string
  /** `null` if nothing stands against it. */
  readonly refuse: (policy: Policy, ask: Asked) => DomainError | null
}
