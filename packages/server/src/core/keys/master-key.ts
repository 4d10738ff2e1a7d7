/** A new master key, while the server runs: from then on it seals, and what the keys before it sealed is put under it, in any number of tries. */
import type { ResealedSecret } from '../../catalog/catalog.ts'
import { StoreError, storeUnavailable } from '../../platform/store-errors.ts'
import { HOUR_MS } from '../../platform/durations.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { MAX_TEMPORARY_SECONDS } from '../limits.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'

export interface MasterKeyView {
  /** Milliseconds: since when the newest key seals; `null` where nobody knows. */
  readonly since: number | null
  /** How many keys before it still open what they sealed. */
  readonly previous: number
  /** True where the server changes it itself. */
  readonly isRotatable: boolean
}

export interface RotatedMasterKey extends MasterKeyView {
  /** How many secrets were put under the new key. */
  readonly resealed: number
}

/** What nobody stores, and is sealed all the same, is forgotten by then: session tokens live longest. */
export const PREVIOUS_KEPT_MS: number = MAX_TEMPORARY_SECONDS * 1000 + HOUR_MS

/** In one transaction. */
const RESEALED_AT_ONCE = 50

type Resealing = Pick<CoreContext, 'catalog' | 'sealer'>
type Tending = Resealing & Pick<CoreContext, 'masterKeys' | 'clock'>

export function getMasterKey(core: CoreContext, _permit: Permit<'admin'>): MasterKeyView {
  return viewMasterKey(core)
}

/** Throws `master-key-elsewhere`. */
export async function rotateMasterKey(
  core: CoreContext,
  permit: Permit<'admin'>,
): Promise<RotatedMasterKey> {
  const { change } = core.masterKeys
  if (change === null) throw refusal('master-key-elsewhere', {})
  // First, because nothing can be taken back afterwards.
  await changeInEpoch(core, permit, (rights) => core.catalog.keys.noteMasterKey(rights))
  if (!change.rotate()) throw storeUnavailable('Another process is changing the master key.')
  core.log.info({ by: callerId(permit.caller) }, 'master key rotated')
  const { resealed } = await resealAll(core)
  return { ...viewMasterKey(core), resealed }
}

function viewMasterKey({ masterKeys }: Pick<CoreContext, 'masterKeys'>): MasterKeyView {
  const { keys, since } = masterKeys.current()
  return { since, previous: keys.length - 1, isRotatable: masterKeys.change !== null }
}

/**
 * Goes on with what a crash broke off, and lets go of the keys before the newest once nothing can be sealed with them any more. How many
 * secrets were put under the newest.
 */
export async function tendMasterKeys(core: Tending): Promise<number> {
  const { keys, since } = core.masterKeys.current()
  if (keys.length === 1) return 0
  const { resealed, unopened } = await resealAll(core)
  const isOver = since !== null && core.clock.now() - since > PREVIOUS_KEPT_MS
  // Another process may have sealed something just before it learned of the new key: nothing goes in a round that found something.
  if (resealed === 0 && unopened === 0 && isOver) core.masterKeys.change?.dropPrevious()
  return resealed
}

interface ResealedCount {
  readonly resealed: number
  /** None of the keys opens them. */
  readonly unopened: number
}

async function resealAll({ catalog, sealer }: Resealing): Promise<ResealedCount> {
  const { accessKeys } = await catalog.keys.snapshot()
  const webhooks = await catalog.webhooks.list()
  const mounts = await catalog.mounts.list()
  const seals = {
    'access-key': sealer,
    webhook: sealer.for('webhook-secret'),
    'webhook-previous': sealer.for('webhook-secret'),
    mount: sealer.for('mount-secret'),
  }
  const found = [
    ...accessKeys.map(
      ({ id, sealedSecret: from }) => ({ holder: 'access-key', id, from }) as const,
    ),
    ...webhooks.map(({ id, sealedSecret: from }) => ({ holder: 'webhook', id, from }) as const),
    ...webhooks.flatMap(({ id, sealedPrevious: from }) =>
      from === null ? [] : [{ holder: 'webhook-previous', id, from } as const],
    ),
    ...mounts.map(({ bucket: id, sealedSecret: from }) => ({ holder: 'mount', id, from }) as const),
  ]
  let unopened = 0
  const changed: ResealedSecret[] = []
  for (const { holder, id, from } of found) {
    try {
      const to = seals[holder].reseal(id, from)
      if (to !== null) changed.push({ holder, id, from, to })
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      unopened += 1
    }
  }
  let resealed = 0
  for (let at = 0; at < changed.length; at += RESEALED_AT_ONCE) {
    resealed += await catalog.keys.reseal(changed.slice(at, at + RESEALED_AT_ONCE))
  }
  return { resealed, unopened }
}
