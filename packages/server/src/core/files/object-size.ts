/** How large a file may be here, of however many pieces: what a permit says of one body is for that body alone. */
import { refusal } from '../errors.ts'
import { MAX_OBJECT_BYTES } from '../../platform/s3-limits.ts'
import type { Permit } from '../policy/permit.ts'

/** Throws `file-too-large`, `file-too-small`. */
export function checkObjectSize(permit: Permit<'write'>, size: number): void {
  const { minBytes } = permit
  const maxBytes = maxObjectBytes(permit)
  if (size > maxBytes) throw refusal('file-too-large', { maxBytes })
  if (size < minBytes) throw refusal('file-too-small', { minBytes })
}

export function maxObjectBytes({ folder, grant }: Permit<'write'>): number {
  return Math.min(
    MAX_OBJECT_BYTES,
    folder.policy.maxBytes ?? MAX_OBJECT_BYTES,
    grant?.terms.maxBytes ?? MAX_OBJECT_BYTES,
  )
}
