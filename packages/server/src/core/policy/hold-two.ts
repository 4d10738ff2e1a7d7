/** Two permits held together: a write compares its rights with one epoch, so both must be of it. */
import type { Action } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { reauthorize } from './authorize.ts'
import { holdPermit } from './hold-permit.ts'
import type { Permit } from './permit.ts'

export interface PermitsFromTo<From extends Action, To extends Action> {
  readonly from: Permit<From>
  readonly to: Permit<To>
}

/** To be asked before each try to commit. */
export function holdTwo<From extends Action, To extends Action>(
  core: CoreContext,
  { from, to }: PermitsFromTo<From, To>,
): () => Promise<PermitsFromTo<From, To>> {
  const holdFrom = holdPermit(core, from)
  const holdTo = holdPermit(core, to)
  return async () => {
    let both = { from: await holdFrom(), to: await holdTo() }
    while (both.from.epoch !== both.to.epoch) {
      both = { from: await reauthorize(core, both.from), to: await reauthorize(core, both.to) }
    }
    return both
  }
}
