/**
 * The key pair CloudFront signs with: its id at CloudFront, and the private half.
 *
 * @module
 */

import { requireGiven } from '../../lib/required-options.ts'
import type { PreparedPrivateKey, PrivateKeyInput } from '../../lib/public-key.ts'
import { preparePrivateKey } from '../../lib/public-key.ts'
import type { ClockOptions } from '../../types.ts'

/** Who signs. */
export interface CloudFrontSignerKey extends ClockOptions {
  /** The id of the public key at CloudFront (`K…`), or of an old account key pair (`APKA…`). */
  readonly keyPairId: string
  /** RSA 2048 or ECDSA P-256, as unencrypted PEM or prepared with `preparePrivateKey`. */
  readonly privateKey: PrivateKeyInput
}

/** The checked key, read once. @throws {TypeError} for a wrong id or kind of key @throws {SigningError} `key-invalid` */
export function prepareSignerKey({ keyPairId, privateKey }: CloudFrontSignerKey): {
  readonly keyPairId: string
  readonly privateKey: PreparedPrivateKey
} {
  requireGiven(keyPairId, 'keyPairId')
  if (typeof keyPairId !== 'string' || !/^[A-Za-z0-9]{1,128}$/.test(keyPairId)) {
    throw new TypeError('keyPairId must be letters and digits')
  }
  const prepared = preparePrivateKey(privateKey, 'privateKey')
  if (prepared.algorithm === 'ed25519') {
    throw new TypeError('privateKey must be an RSA or ECDSA P-256 key')
  }
  return { keyPairId, privateKey: prepared }
}
