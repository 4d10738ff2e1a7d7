/**
 * Whether an object that stands against a write is the one that was sent. A request whose answer was lost is sent again and meets its own
 * object: to say that a condition did not hold would be wrong. Azure keeps the MD5 of what came in one request, and that tells.
 */
import { hash } from 'node:crypto'
import type { StoredObject } from '../object-store.ts'
import type { AzureCalls } from './azure-calls.ts'
import { statWithMd5 } from './read-object.ts'

/** `null` if another object is there, or none. */
export async function findOwnBlob(
  calls: AzureCalls,
  { key, bytes }: { readonly key: string; readonly bytes: Uint8Array },
): Promise<StoredObject | null> {
  const found = await statWithMd5(calls, key)
  if (found === null || found.head.size !== bytes.length) return null
  return found.md5 === hash('md5', bytes, 'base64') ? found.head : null
}
