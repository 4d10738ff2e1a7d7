/**
 * Verifies what is being explained with the keys at hand: Edgio.
 *
 * @module
 */
import { verifyEdgio } from '../../../dialects/edgio/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor } from '../../verify/verify-context.ts'

export const verifyAsEdgio: Verifier = (context) => {
  verifyEdgio(context.request, { now: context.now, keys: secretsFor(context, null) })
}
