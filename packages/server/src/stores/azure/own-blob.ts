/**
 * Whether an object that stands against a write is the one that was sent. A request whose answer was lost is sent again and meets its own
 * object: to say that a condition did not hold would be wrong. Azure keeps the MD5 of what came in one request, and that tells.
 */
import { hash } from 'node:crypto'
import type { StoredObject, WriteCondition } from '../object-store.ts'
import type { StoreAnswer } from '../send/store-answer.ts'
import type { AzureCalls } from './azure-calls.ts'
import { statWithMd5 } from './read-object.ts'

/** The answers to a condition that does not hold: there is an object, another one, or none. */
const REFUSALS: readonly number[] = [404, 409, 412]

/** It may have been the first request that made the condition fail. */
export function isDoubtful(
  { status, attempts }: StoreAnswer,
  condition: WriteCondition | null,
): boolean {
  return condition !== null && REFUSALS.includes(status) && attempts > 1
}

/** `null` if another object is there, or none. */
export async function findOwnBlob(
  calls: AzureCalls,
  { key, bytes }: { readonly key: string; readonly bytes: Uint8Array },
): Promise<StoredObject | null> {
  const found = await statWithMd5(calls, key)
  if (found === null || found.head.size !== bytes.length) return null
  return found.md5 === hash('md5', bytes, 'base64') ? found.head : null
}
