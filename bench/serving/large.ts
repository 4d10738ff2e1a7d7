/** What is done with a file that is large: 1 GiB, or what a machine bears. */
import type { Goal, Operation } from './operations.ts'
import {
  DISK_FLOOR,
  GIB,
  HALLPASS,
  HALLPASS_2,
  HASH_FLOOR,
  MIB,
  PARTS,
  goal,
  put,
} from './operations.ts'

export interface LargeOperations {
  readonly upload: Operation
  readonly inParts: Operation
  /** Of a small and of the large file: what they cost should not depend on the size. */
  readonly copies: readonly Operation[]
}

/** The upload in parts beside the same in one request. */
export const ONE_PUT = `${HALLPASS_2}, in one PUT`
/** S3 has no smaller part but the last. */
const MIN_MIB = PARTS * 5

/** Throws for a size that cannot be sent in as many parts of whole MiB. */
export function largeOperations(mib: number): LargeOperations {
  if (!Number.isInteger(mib / PARTS) || mib < MIN_MIB) {
    throw new Error(`--large-mib must be a multiple of ${PARTS} from ${MIN_MIB} on: ${mib}`)
  }
  const bytes = mib * MIB
  const size = bytes % GIB === 0 ? `${bytes / GIB} GiB` : `${mib} MiB`
  const once = { objects: 1, unit: 'MiB' } as const
  return {
    upload: { ...put(`PUT ${size}, in MiB`, bytes, 1), ...once, reference: HASH_FLOOR },
    inParts: {
      ...put(`upload of ${size} in ${PARTS} parts at once, in MiB`, bytes, PARTS),
      ...once,
      reference: ONE_PUT,
    },
    copies: [
      { ...put('copy of 1 MiB', MIB, 1), objects: 1, reference: HALLPASS },
      { ...put(`copy of ${size}`, bytes, 1), objects: 1, reference: HALLPASS },
    ],
  }
}

export function goalsOf({ upload, inParts }: LargeOperations): readonly Goal[] {
  return [
    goal(upload.name, HALLPASS, [HASH_FLOOR, DISK_FLOOR], 0.8),
    goal(inParts.name, HALLPASS_2, ONE_PUT, 1.5),
  ]
}
