/**
 * Verifies what is being explained with the keys at hand: Cloud CDN.
 *
 * @module
 */
import { verifyCloudCdn, verifyCloudCdnCookie } from '../../../dialects/cloud-cdn/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor } from '../../verify/verify-context.ts'

export const verifyAsCloudCdn: Verifier = (context) => {
  const verify = context.detection.form === 'cookie' ? verifyCloudCdnCookie : verifyCloudCdn
  verify(context.request, {
    now: context.now,
    lookup: (keyName) => secretsFor(context, keyName)[0] ?? null,
  })
}
