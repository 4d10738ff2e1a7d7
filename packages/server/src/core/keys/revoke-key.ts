/** Ends keys: one, or one with everything that it made. */
import type { AccessKeyRecord, ApiKeyRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { callerId } from '../identity.ts'
import { revokeLinksOfKeys } from '../links/revocations.ts'
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
  const keys = await listKeys(core)
  const key = keys.find((known) => known.id === id)
  if (key === undefined || (key.revokedAt !== null && !options.descendants)) {
    throw refusal('key-not-found', { id })
  }
  const made = options.descendants ? findDescendants(keys, id) : []
  const ids = [id, ...made.map((record) => record.id)]
  const ended = await core.catalog.keys.revoke(ids, core.clock.now())
  if (ended === 0 && !options.descendants) throw refusal('key-not-found', { id })
  if (options.descendants) await revokeLinksOfKeys(core, permit, ids)
  await core.keyRing.refresh()
  core.log.info({ keys: ids, by: callerId(permit.caller) }, 'keys revoked')
  return ids
}

async function listKeys(core: CoreContext): Promise<readonly KeyRecord[]> {
  const { snapshot } = await core.keyRing.refresh()
  return [...snapshot.apiKeys, ...snapshot.accessKeys.filter(({ kind }) => kind === 'access')]
}

/** Through makers that ended before too: what they made may live. */
function findDescendants(keys: readonly KeyRecord[], id: string): readonly KeyRecord[] {
  const found: KeyRecord[] = []
  const makers = [id]
  for (const maker of makers) {
    for (const key of keys) {
      if (key.createdBy !== maker || makers.includes(key.id)) continue
      makers.push(key.id)
      found.push(key)
    }
  }
  return found.filter(({ revokedAt }) => revokedAt === null)
}
