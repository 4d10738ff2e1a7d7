/**
 * Verifies what is being explained with the keys at hand: Bunny.
 *
 * @module
 */
import { verifyBunny } from '../../../dialects/bunny/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor } from '../../verify/verify-context.ts'

export const verifyAsBunny: Verifier = (context) => {
  const { request, now, isLegacyAllowed } = context
  verifyBunny(request, {
    now,
    keys: secretsFor(context, null),
    ...(isLegacyAllowed === true ? { legacyFormats: ['sha256', 'md5'] as const } : {}),
  })
}
