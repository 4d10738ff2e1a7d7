/** Deletes an object; absent is fine. */
import type { GcsCalls } from './gcs-calls.ts'
import { pathOfObject } from './gcs-calls.ts'
import { isAbsentObject } from './gcs-faults.ts'

export async function deleteObject(calls: GcsCalls, key: string): Promise<void> {
  const answer = await calls.ask({
    operation: 'DeleteObject',
    method: 'DELETE',
    path: pathOfObject(calls.location, key),
    wantsText: true,
  })
  if (answer.status !== 204 && answer.status !== 200 && !isAbsentObject(answer)) {
    throw calls.faultOf(answer)
  }
}
