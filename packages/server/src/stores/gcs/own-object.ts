/**
 * Whether an object that stands against a write is the one that was sent. A request whose answer was lost is sent again and meets its own
 * object: to say that a condition did not hold would be wrong. Google keeps the MD5 of what came in one request and the CRC of everything, and those tell.
 */
import { combineCrcs } from '../../platform/crcs/combine-crcs.ts'
import type { CrcPiece } from '../../platform/crcs/combine-crcs.ts'
import type { StoredHead } from '../object-store.ts'
import type { GcsCalls } from './gcs-calls.ts'
import { statWithDigests } from './read-object.ts'
import type { Digests } from './read-object.ts'

export interface SentObject {
  readonly key: string
  readonly size: number
  /** What must be so of the object; what is empty says nothing. */
  readonly digests: Partial<Digests>
}

/** `null` if another object is there, or none. */
export async function findOwnObject(
  calls: GcsCalls,
  { key, size, digests }: SentObject,
): Promise<StoredHead | null> {
  const known = (['md5Hash', 'crc32c'] as const).filter((name) => (digests[name] ?? '') !== '')
  if (known.length === 0) return null
  const found = await statWithDigests(calls, key)
  if (found === null || found.head.size !== size) return null
  return known.every((name) => found.digests[name] === digests[name]) ? found.head : null
}

/** The CRC of objects one behind the other; empty where one is not there, or its own is not known. */
export async function crcOfAll(calls: GcsCalls, keys: readonly string[]): Promise<string> {
  const pieces: CrcPiece[] = []
  for (const key of keys) {
    const found = await statWithDigests(calls, key)
    const crc = Buffer.from(found?.digests.crc32c ?? '', 'base64')
    if (found === null || crc.length !== 4) return ''
    pieces.push({ crc, size: found.head.size })
  }
  return Buffer.from(combineCrcs('crc32c', pieces)).toString('base64')
}
