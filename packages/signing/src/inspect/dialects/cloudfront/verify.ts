/**
 * Verifies what is being explained with the keys at hand: CloudFront.
 *
 * @module
 */
import { verifyCloudFront, verifyCloudFrontCookies } from '../../../dialects/cloudfront/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { publicKeysFor } from '../../verify/verify-context.ts'

export const verifyAsCloudFront: Verifier = (context) => {
  const verify = context.detection.form === 'cookie' ? verifyCloudFrontCookies : verifyCloudFront
  verify(context.request, {
    now: context.now,
    lookup: (keyPairId) => publicKeysFor(context, keyPairId)[0] ?? null,
  })
}
