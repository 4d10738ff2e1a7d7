/** Ends keys: one, or one with everything that it made. */
import type { KeyEnding, KeyLineage } from '../../catalog/catalog.ts'
import type { AccessKeyRecord, ApiKeyRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { ruleForKey } from '../links/revocations.ts'
import { changeInEpoch } from '../policy/change-in-epoch.ts'
import type { Permit } from '../policy/permit.ts'

export type KeyRecord = ApiKeyRecord | AccessKeyRecord

/** The living keys that this one made, and those that they made: what `descendants` would take with it. Nearest first. */
export async function listDescendants(
  core: CoreContext,
  _permit: Permit<'admin'>,
  id: string,
): Promise<readonly KeyRecord[]> {
  return findDescendants(await listKeys(core), id)
}

/**
 * Ends an API key or an access key, everywhere within a second; throws `key-not-found`. With `descendants`, the keys that it made and
 * the links that it and they issued end with it. Resolves to the ids of the keys that ended.
 */
export async function revokeKey(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
  options: { readonly descendants: boolean } = { descendants: false },
): Promise<readonly string[]> {
  const key = (await listKeys(core)).find((known) => known.id === id)
  if (key === undefined || (key.revokedAt !== null && !options.descendants)) {
    throw refusal('key-not-found', { id })
  }
  const ids = options.descendants
    ? await endWithDescendants(core, permit, id)
    : await endAlone(core, permit, id)
  await core.keyRing.refresh()
  core.log.info({ keys: ids, by: callerId(permit.caller) }, 'keys revoked')
  return ids
}

async function endAlone(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<readonly string[]> {
  const ended = await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.revoke([id], core.clock.now(), rights),
  )
  if (ended === 0) throw refusal('key-not-found', { id })
  return [id]
}

/** Found, ended and swept in one transaction, at a moment within it: nothing that was made meanwhile is left out. */
async function endWithDescendants(
  core: CoreContext,
  permit: Permit<'admin'>,
  id: string,
): Promise<readonly string[]> {
  const choose = (keys: readonly KeyLineage[]): KeyEnding => {
    const ids = [id, ...findDescendants(keys, id).map((made) => made.id)]
    return { ids, rules: ids.map((keyId) => ruleForKey(core, keyId)), nowMs: core.clock.now() }
  }
  const { ids } = await changeInEpoch(core, permit, (rights) =>
    core.catalog.keys.revokeChosen(choose, rights),
  )
  return ids
}

async function listKeys(core: CoreContext): Promise<readonly KeyRecord[]> {
  const { snapshot } = await core.keyRing.refresh()
  return [...snapshot.apiKeys, ...snapshot.accessKeys.filter(({ kind }) => kind === 'access')]
}

/** The living ones, through makers that ended before too: what those made may live. */
function findDescendants<Key extends KeyLineage>(keys: readonly Key[], id: string): readonly Key[] {
  const byMaker = Map.groupBy(keys, ({ createdBy }) => createdBy)
  const found = new Map<string, Key>()
  const makers = [id]
  for (const maker of makers) {
    for (const key of byMaker.get(maker) ?? []) {
      if (key.id === id || found.has(key.id)) continue
      makers.push(key.id)
      found.set(key.id, key)
    }
  }
  return [...found.values()].filter(({ revokedAt }) => revokedAt === null)
}
