/** Issues what is signed or guarded under the keys, revocations and folders of the moment; where those change meanwhile, all is looked at again. */
import type { GrantRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import { actorOf } from '../actor-of.ts'
import type { CoreContext } from '../context.ts'
import type { Keys } from '../known-keys.ts'
import { reauthorize } from '../policy/authorize.ts'
import type { Permit } from '../policy/permit.ts'
import { maxLiveOf, requireFewer } from './live-links.ts'

const MAX_ATTEMPTS = 5

/** `attempt` resolves to `null` where they changed. `doing` is what people read: "issue links". */
export async function underKeys<Issued>(
  core: CoreContext,
  doing: string,
  attempt: (keys: Keys) => Promise<Issued | null>,
): Promise<Issued> {
  for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
    // Not from memory: another process may have revoked or rotated a moment ago, and what is issued would be born dead.
    const issued = await attempt(await core.keyRing.recheck())
    if (issued !== null) return issued
  }
  throw storeUnavailable(`Keys, revocations or folders change too fast to ${doing} under them.`)
}

/** The permit under those keys. Throws what authorising again throws. */
export async function renewed(
  core: CoreContext,
  permit: Permit<'share'>,
  { snapshot }: Keys,
): Promise<Permit<'share'>> {
  return permit.epoch === snapshot.epoch ? permit : reauthorize(core, permit)
}

/** Drafts one grant and keeps it. Throws `link-limit`. */
export function issueGrant<Draft extends { readonly grant: GrantRecord }>(
  core: CoreContext,
  permit: Permit<'share'>,
  doing: string,
  draft: (current: Permit<'share'>, keys: Keys) => Promise<Draft>,
): Promise<Draft> {
  return underKeys(core, doing, async (keys) => {
    const current = await renewed(core, permit, keys)
    const drafted = await draft(current, keys)
    const making = { by: actorOf(current.caller), maxLive: maxLiveOf(core, current) }
    const stored = await core.catalog.grants.insert([drafted.grant], keys.snapshot.epoch, making)
    return requireFewer(stored, making.maxLive) ? drafted : null
  })
}
