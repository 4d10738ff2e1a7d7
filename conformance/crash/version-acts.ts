/**
 * What clients do in a bucket that keeps versions. Every version that was acknowledged is known by its id and stays as it was, whatever
 * becomes of its name.
 */
import { hash } from 'node:crypto'
import type { State } from './ledger.ts'
import { someBytes, someKey } from './object-acts.ts'
import { CURRENT_PREFIX, versionName } from './object-names.ts'
import { UnexpectedAnswer } from './rest-client.ts'
import { send } from './send.ts'
import type { Client, TrafficOptions } from './traffic.ts'

/** The versions of each key that were acknowledged, the oldest first. */
export type VersionBook = Map<string, string[]>

/** More are removed, so that the folder does not grow for ever. */
const MOST_VERSIONS = 3
const MARK_PROBABILITY = 0.3

/** A new version in front of those that are there. */
export async function keep(options: TrafficOptions, client: Client): Promise<boolean> {
  const { versions, ledger, random } = options
  const key = someKey(random, client)
  const bytes = someBytes(random)
  const sha256 = hash('sha256', bytes, 'hex')
  let versionId = ''
  const request = async (): Promise<number> => {
    const answer = await versions.putVersion(key, bytes)
    versionId = answer.versionId
    return answer.status
  }
  await send(ledger, new Map([[CURRENT_PREFIX + key, sha256]]), { request, expected: 200 })
  if (versionId === '') throw new UnexpectedAnswer(`${key}: no version was named`)
  ledger.note(versionName(key, versionId), sha256)
  client.versions.set(key, [...(client.versions.get(key) ?? []), versionId])
  return true
}

/** A delete marker in front of all, or versions behind the newest gone for good. */
export async function drop(options: TrafficOptions, client: Client): Promise<boolean> {
  const { versions, ledger, random } = options
  const key = someKey(random, client)
  const known = client.versions.get(key) ?? []
  if (known.length > 0 && random.chance(MARK_PROBABILITY)) {
    const change = new Map<string, State>([[CURRENT_PREFIX + key, null]])
    await send(ledger, change, { request: () => versions.remove(key), expected: 204 })
    return true
  }
  const old = known.slice(0, Math.max(0, known.length - MOST_VERSIONS))
  if (old.length === 0) return false
  const changes = old.map((id) => new Map<string, State>([[versionName(key, id), null]]))
  const named = old.map((versionId) => ({ key, versionId }))
  client.versions.set(key, known.slice(old.length))
  await send(ledger, changes, { request: () => versions.removeMany(named), expected: 200 })
  for (const id of old) ledger.forget(versionName(key, id))
  return true
}
