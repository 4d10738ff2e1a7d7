/**
 * Whether an object that stands against a write is the one that was sent. A request whose answer was lost is sent again and meets its own
 * object: to say that a condition did not hold would be wrong. Nothing of ours is in an object, so its bytes tell, by their ETag; of a store
 * whose ETags are no MD5 nobody knows, and the store's word stands.
 */
import { createHash, hash } from 'node:crypto'
import type { StoredHead, StoredObject, StoredPart } from '../object-store.ts'
import { statObject } from './read-object.ts'
import type { S3Calls } from './s3-calls.ts'

export interface SentObject {
  readonly key: string
  readonly size: number
  /** `null`: nobody can say which one it has. */
  readonly etag: string | null
}

/** `null` if another object is there, or none. */
export async function findOwnObject(
  calls: S3Calls,
  { key, size, etag }: SentObject,
): Promise<StoredObject | null> {
  if (etag === null) return null
  const found: StoredHead | null = await statObject(calls, key)
  return found !== null && found.size === size && found.etag === etag ? found : null
}

export function etagOfBytes(bytes: Uint8Array): string {
  return hash('md5', bytes, 'hex')
}

/** That of an upload in parts: the MD5 of theirs, and how many there are. */
export function etagOfParts(parts: readonly StoredPart[]): string | null {
  if (!parts.every(({ etag }) => /^[0-9a-f]{32}$/.test(etag))) return null
  const md5 = createHash('md5')
  for (const { etag } of parts) md5.update(etag, 'hex')
  return `${md5.digest('hex')}-${parts.length}`
}
