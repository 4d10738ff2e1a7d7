/** The right to make public what is not. */
import type { CoreContext } from '../context.ts'
import { isRefusal, refusal } from '../errors.ts'
import { authorize } from './authorize.ts'
import type { Permit } from './permit.ts'

/** Throws `forbidden` if whoever holds the permit may not publish at its path. */
export async function requirePublish(core: CoreContext, { caller, path }: Permit): Promise<void> {
  try {
    await authorize(core, caller, 'publish', path)
  } catch (error) {
    if (!isRefusal(error, 'forbidden')) throw error
    const reason =
      'It would make public what is private, and this key does not have the right to publish here'
    throw refusal('forbidden', { action: 'publish', reason }, error)
  }
}
