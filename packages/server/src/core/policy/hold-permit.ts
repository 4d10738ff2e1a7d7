/** A permit held while bytes arrive: given out as it is at first, and looked at again each time the epoch had moved. */
import type { Action } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import { refusal } from '../errors.ts'
import { MAX_UPLOAD_SECONDS } from '../limits.ts'
import { reauthorize } from './authorize.ts'
import type { Permit } from './permit.ts'

/** To be asked before each try to commit; the second try comes because keys, revocations or folders changed. */
export function holdPermit<Asked extends Action>(
  core: CoreContext,
  permit: Permit<Asked>,
): () => Promise<Permit<Asked>> {
  let held = permit
  let isFirst = true
  return async () => {
    if (!isFirst) held = await reauthorize(core, held)
    isFirst = false
    requireInTime(core, held)
    return held
  }
}

/** Throws `upload-too-long`. */
export function requireInTime({ clock }: Pick<CoreContext, 'clock'>, { latestEnd }: Permit): void {
  if (clock.now() <= latestEnd) return
  throw refusal('upload-too-long', { maxSeconds: MAX_UPLOAD_SECONDS })
}
