/**
 * Verifies what is being explained with the keys at hand: Cloudflare.
 *
 * @module
 */
import { verifyCloudflare } from '../../../dialects/cloudflare/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { ANY_TTL, secretsFor } from '../../verify/verify-context.ts'

export const verifyAsCloudflare: Verifier = (context) => {
  const { request, now, ttlSeconds, separator, isUrlSafe } = context
  verifyCloudflare(request, {
    now,
    ttlSeconds: ttlSeconds ?? ANY_TTL,
    keys: secretsFor(context, null),
    ...(separator === undefined ? {} : { separator }),
    ...(isUrlSafe === undefined ? {} : { isUrlSafe }),
  })
}
