/**
 * Finds the key a request names, and holds the request's session token against it.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { equalText } from '../../lib/constant-time.ts'
import { lookupAnswer, otherKey } from '../../lib/lookup-answer.ts'
import type { S3VerifierState } from './verifier-state.ts'
import type { S3VerificationKey, S3VerifierOptions } from './verify-types.ts'

type S3KeyFinder<Key extends S3VerificationKey> = S3VerifierState<
  Key,
  Pick<S3VerifierOptions<Key>, 'lookup'>
>

/** The key of this id, if it has a secret and the token is its own. */
export function findVerificationKey<Key extends S3VerificationKey>(
  verifier: S3KeyFinder<Key>,
  keyId: string,
  sessionToken: string | null,
): Key {
  const key = lookupAnswer(verifier.options.lookup(keyId, sessionToken))
  if (key === null) {
    verifier.keys.forget(keyId)
    verifier.ecdsaKeys.forget(keyId)
    throw new SigningError('key-unknown', 'no key has this id', { keyId })
  }
  if (key.accessKeyId !== keyId && key.accessKeyId !== undefined) throw otherKey('accessKeyId')
  // HMAC takes an empty secret like any other, and then anybody can sign.
  if (typeof key.secretAccessKey !== 'string' || key.secretAccessKey === '') {
    throw new SigningError('key-invalid', 'the key has no secret', {
      parameter: 'secretAccessKey',
      reason: 'must not be empty',
    })
  }
  if (!isSameToken(key.sessionToken ?? null, sessionToken)) {
    throw new SigningError('token-invalid', 'the session token is not the one of this key', {
      parameter: 'X-Amz-Security-Token',
    })
  }
  return key
}

function isSameToken(expected: string | null, actual: string | null): boolean {
  if (expected === null || actual === null) return expected === actual
  return equalText(expected, actual)
}
