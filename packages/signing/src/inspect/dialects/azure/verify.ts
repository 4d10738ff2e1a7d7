/**
 * Verifies what is being explained with the keys at hand: Azure.
 *
 * @module
 */
import { verifyAzure } from '../../../dialects/azure/verify.ts'
import type { AzureKeyId } from '../../../dialects/azure/verify.ts'
import { SigningError } from '../../../errors.ts'
import { azureTargets } from '../../verify/azure-targets.ts'
import type { Verifier } from '../../verify/verify-context.ts'
import { secretsFor, tryEach } from '../../verify/verify-context.ts'

/** An own domain does not say which account it stands for: then each account of the ring is asked. */
export const verifyAsAzure: Verifier = (context) => {
  const { request, keys, now, detection } = context
  const [, actual] = detection.scheme.split(' for ')
  if (actual !== undefined) {
    const details = { part: 'service', actual, expected: 'Azure blob' } as const
    throw new SigningError('scope-mismatch', `the token is for another service`, details)
  }
  tryEach(azureTargets(request, keys), (target) =>
    verifyAzure(request, {
      now,
      ...target,
      lookup: (keyId) => secretsFor(context, azureKeyName(keyId)),
    }),
  )
}

function azureKeyName(keyId: AzureKeyId): string {
  return keyId.kind === 'account' ? keyId.account : keyId.signedObjectId
}
