/**
 * Verifies what is being explained with the keys at hand: Google Cloud Storage.
 *
 * @module
 */
import { verifyGcs } from '../../../dialects/gcs/verify.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { publicKeysFor, secretsFor } from '../../verify/verify-context.ts'

export const verifyAsGcs: Verifier = (context) => {
  verifyGcs(context.request, {
    now: context.now,
    lookup: (keyId) => {
      const [publicKey] = publicKeysFor(context, keyId)
      if (publicKey !== undefined) return { publicKey }
      const [secret] = secretsFor(context, keyId)
      return secret === undefined ? null : { secret }
    },
  })
}
