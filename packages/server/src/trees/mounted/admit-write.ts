/** The step before a write: rights and conditions are compared, and the use of a link is spent. */
import type { FilePath, WriteConditions, WriteRefusal } from '../../catalog/file-steps.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { isConflict } from '../../platform/store-errors.ts'
import { commitInEpoch } from '../commit-in-epoch.ts'
import type { Mount } from './mount.ts'

export interface Admitted {
  /** `null`: it may go to the store. */
  readonly refusal: WriteRefusal | null
  /** Under which it was looked at last. */
  readonly conditions: WriteConditions
}

export interface WriteToAdmit {
  readonly path: FilePath
  readonly current: FileRecord | null
  readonly conditions: () => Promise<WriteConditions>
  readonly signal?: AbortSignal
}

export async function admitWrite(
  { catalog }: Pick<Mount, 'catalog'>,
  { path, current, conditions, signal }: WriteToAdmit,
): Promise<Admitted> {
  let asked: WriteConditions = { epoch: null }
  const { outcome } = await commitInEpoch<
    WriteConditions,
    { readonly outcome: WriteRefusal | 'admitted' }
  >({
    conditions,
    commit: async (given) => {
      asked = given
      const refusal = await catalog.mounts.admit({ path, current, conditions: given })
      return { outcome: refusal ?? 'admitted' }
    },
    ...(signal !== undefined && { signal }),
  })
  return { refusal: outcome === 'admitted' ? null : outcome, conditions: asked }
}

/** `null` if the store has found that a condition does not hold, which happens before anything is written: the use goes back. */
export async function unlessInConflict<Result>(
  { catalog }: Pick<Mount, 'catalog'>,
  conditions: () => WriteConditions | null,
  write: () => Promise<Result>,
): Promise<Result | 'in-conflict'> {
  try {
    return await write()
  } catch (error) {
    if (!isConflict(error)) throw error
    const use = conditions()?.useGrant
    if (use !== undefined) await catalog.mounts.giveBack(use)
    return 'in-conflict'
  }
}
