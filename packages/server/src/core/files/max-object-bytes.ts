/** The largest file that may be here, of however many pieces: what a permit says of one body is for that body alone. */
import { MAX_OBJECT_BYTES } from '../limits.ts'
import type { Permit } from '../policy/permit.ts'

export function maxObjectBytes({ folder, grant }: Permit<'write'>): number {
  return Math.min(
    MAX_OBJECT_BYTES,
    folder.policy.maxBytes ?? MAX_OBJECT_BYTES,
    grant?.terms.maxBytes ?? MAX_OBJECT_BYTES,
  )
}
