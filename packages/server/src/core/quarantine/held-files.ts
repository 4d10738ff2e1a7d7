/** Files that wait, and those that were refused: for the key that sent them, and for whoever may administer the place. */
import type { HeldRecord, HeldState, PlacedHeld } from '../../catalog/held-steps.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { actorOf } from '../actor-of.ts'
import { readFileBytes } from '../files/read-file-bytes.ts'
import { resolveFolder } from '../policy/resolve-folder.ts'
import { callerId } from '../identity.ts'
import type { Principal } from '../identity.ts'
import { splitPath } from '../paths.ts'
import type { ObjectPath } from '../paths.ts'
import { authorize, mayAlso } from '../policy/authorize.ts'
import { isWithin } from '../policy/key-rules.ts'
import type { Permit } from '../policy/permit.ts'
import { admitHeld, rejectHeld } from './settle.ts'
import type { Settled } from './settle.ts'

export interface HeldWish {
  readonly state: HeldState | null
  readonly before: number | null
  readonly limit: number
}

/** To list what waits: an administrator sees all of it, everybody else what they sent themselves. */
export function authorizeHeldList(
  core: CoreContext,
  caller: Principal,
  folder: ObjectPath | null,
): Promise<Permit<'admin' | 'write'>> {
  const action = caller.scope.actions.includes('admin') ? 'admin' : 'write'
  return authorize(core, caller, action, folder ?? splitPath(caller.scope.pathPrefix))
}

/** Newest first. */
export function listHeld(
  core: CoreContext,
  { action, caller, path }: Permit<'admin' | 'write'>,
  wish: HeldWish,
): Promise<readonly PlacedHeld[]> {
  const holder = action === 'admin' ? null : callerId(caller)
  return core.catalog.held.list({ ...wish, holder, within: path.bucket === '' ? null : path })
}

/** Throws `held-file-not-found`, also for whom it is no business. */
export async function authorizeHeld(
  core: CoreContext,
  caller: Principal,
  id: string,
): Promise<{ readonly permit: Permit<'admin' | 'write'>; readonly held: HeldRecord }> {
  const held = await core.catalog.held.find(id)
  const isAdmin = caller.scope.actions.includes('admin')
  const isTheirs = held !== null && (isAdmin || held.holder === caller.id)
  if (!isTheirs || !isWithin(caller.scope.pathPrefix, held)) {
    throw refusal('held-file-not-found', { id })
  }
  const { bucket, key } = held
  const action = isAdmin ? 'admin' : 'write'
  return { permit: await authorize(core, caller, action, { bucket, key }), held }
}

/** Throws `forbidden`, and `held-file-not-found` for what was refused, whose bytes are given up. */
export async function openHeldBytes(
  core: CoreContext,
  permit: Permit<'admin' | 'write'>,
  { held, signal }: { readonly held: HeldRecord; readonly signal: AbortSignal },
): Promise<AsyncIterable<Uint8Array>> {
  if (!(await mayAlso(core, permit, 'read'))) throw refusal('forbidden', { action: 'read' })
  const bytes =
    held.state === 'waiting' ? await readFileBytes(core, held, { range: null, signal }) : null
  if (bytes === null) throw refusal('held-file-not-found', { id: held.heldId })
  return bytes
}

/**
 * Somebody decides, whatever those think who look at it by themselves. Throws `forbidden`, and `held-file-not-found` if it is decided
 * already.
 */
// oxlint-disable-next-line max-params -- what is decided about what
export async function decideHeld(
  core: CoreContext,
  permit: Permit<'admin' | 'write'>,
  held: HeldRecord,
  decision: { readonly admit: boolean; readonly reason: string | null },
): Promise<Exclude<Settled, 'gone'>> {
  if (permit.action !== 'admin') throw refusal('forbidden', { action: 'admin' })
  const { heldId: id, bucket, key } = held
  const by = actorOf(permit.caller)
  const { quotas } = await resolveFolder(core, bucket, key)
  const settled = decision.admit
    ? await admitHeld(core, held, quotas)
    : await rejectHeld(core, held, {
        refusal: refusal('upload-refused', { reason: decision.reason }),
        by,
      })
  if (settled === 'gone') throw refusal('held-file-not-found', { id })
  core.log.info({ held: id, by: by.keyId, settled }, 'file decided on by hand')
  return settled
}
