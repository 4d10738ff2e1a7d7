/**
 * What became of an upload.
 *
 * @module
 */
import { memberOf, textOf } from '../read-shape.ts'

export interface Stored {
  readonly path: string
  /** It waits in quarantine under this id, and is not there yet; `null` once it is. */
  readonly heldId: string | null
}

/** The file, or the record of one that waits. */
export function readStored(answer: unknown): Stored {
  const path = textOf(answer, 'path')
  const isWaiting = memberOf(answer, 'state') === 'waiting'
  return { path, heldId: isWaiting ? textOf(answer, 'id') : null }
}
