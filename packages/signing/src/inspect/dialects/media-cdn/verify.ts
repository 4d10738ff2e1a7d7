/**
 * Verifies what is being explained with the keys at hand: Media CDN.
 *
 * @module
 */
import { verifyMediaCdn, verifyMediaCdnCookie } from '../../../dialects/media-cdn/verify.ts'
import { verifyMediaCdnToken } from '../../../dialects/media-cdn/verify-token.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { publicKeysFor, secretsFor } from '../../verify/verify-context.ts'

export const verifyAsMediaCdn: Verifier = (context) => {
  const { request, now, detection } = context
  if (detection.scheme === 'token') {
    verifyMediaCdnToken(request, {
      now,
      keys: [
        ...publicKeysFor(context, null).map((publicKey) => ({
          algorithm: 'ed25519' as const,
          publicKey,
        })),
        ...secretsFor(context, null).flatMap((secret) => [
          { algorithm: 'sha256' as const, secret },
          { algorithm: 'sha1' as const, secret },
        ]),
      ],
    })
    return
  }
  const verify = detection.form === 'cookie' ? verifyMediaCdnCookie : verifyMediaCdn
  verify(request, { now, lookup: (keyName) => publicKeysFor(context, keyName) })
}
