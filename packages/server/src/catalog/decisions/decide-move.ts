/** Whether a file may go where it is to go. */
import type { Move } from '../catalog.ts'
import type { FilePath, MoveOutcome } from '../file-steps.ts'
import type { FileRecord } from '../records.ts'

type MoveRefusal = Exclude<MoveOutcome['outcome'], 'moved'>

export interface MoveFound {
  /** The file with the id, wherever it is. */
  readonly moving: FileRecord | null
  readonly hasTargetBucket: boolean
  readonly atTarget: FileRecord | null
}

/** Why it may not; `null` if it may. The path it was allowed for is compared: it may have been moved meanwhile. */
export function decideMove(found: MoveFound, move: Move): MoveRefusal | null {
  const { moving, atTarget } = found
  if (moving === null || !isSamePath(moving, move.from)) return 'file-missing'
  if (!found.hasTargetBucket) return 'bucket-missing'
  if (moving.size > move.maxBytes) return 'too-large'
  if (atTarget !== null && atTarget.id !== moving.id && !move.overwrite) return 'target-exists'
  return null
}

export function isSamePath(a: FilePath, b: FilePath): boolean {
  return a.bucket === b.bucket && a.key === b.key
}
