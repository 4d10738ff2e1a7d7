/**
 * Changes keys, rules, folders or buckets under the rights of the moment: the transaction compares them, and where keys, revocations
 * or folders changed since they were looked at, they are looked at again.
 */
import type { ChangeRights, Changed } from '../../catalog/catalog.ts'
import type { Action } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { actorOf } from '../actor-of.ts'
import { isLink } from '../identity.ts'
import { holdPermit } from './hold-permit.ts'
import type { Permit } from './permit.ts'

/** Only links come here again and again: a living key is let through under any epoch. */
const MAX_ATTEMPTS = 8

/** Throws what authorising again throws. */
export async function changeInEpoch<Asked extends Action, Outcome>(
  core: CoreContext,
  permit: Permit<Asked>,
  change: (rights: ChangeRights) => Changed<Outcome>,
): Promise<Outcome> {
  const hold = holdPermit(core, permit)
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const outcome = await change(rightsOf(await hold()))
    if (outcome !== 'epoch-changed') return outcome
  }
  throw storeUnavailable('Keys, revocations or folders change too fast to write under them.')
}

function rightsOf({ epoch, caller }: Permit): ChangeRights {
  const isKey = !isLink(caller) && (caller.kind === 'api-key' || caller.kind === 'access-key')
  const keyId = isKey ? caller.id : null
  return { epoch, keyId, by: actorOf(caller) }
}
