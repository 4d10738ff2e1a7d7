/**
 * What the signer and the verifier of Tencent COS URLs take.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { sha1 } from '../../lib/sha1.ts'
import type { ClockOptions } from '../../types.ts'

/** A key pair, with the token of a session if it is of one. */
export interface CosCredentials {
  readonly secretId: string
  readonly secretKey: string
  readonly securityToken?: string | undefined
}

/** Who signs, and for which bucket. */
export interface CosSignerOptions extends ClockOptions {
  readonly credentials: CosCredentials
  /** Of the bucket: `https://examplebucket-1250000000.cos.ap-beijing.myqcloud.com`, or its own domain. */
  readonly endpoint: string
}

/** How to check URLs. */
export interface CosVerifierOptions extends ClockOptions {
  /** The key of this id, or `null`. */
  readonly lookup: (secretId: string) => CosCredentials | null
  /** Take signatures that leave the host out, and parameters beside those that are signed. The service does. */
  readonly allowsUnsigned?: boolean
}

/** How to check one URL. */
export type VerifyCosOptions = CosVerifierOptions

/** What a checked URL opens. */
export interface VerifiedCos {
  readonly secretId: string
  readonly method: string
  readonly host: string
  /** Decoded once. */
  readonly key: string
  /** Names of the headers the signature covers, lower case. */
  readonly signedHeaders: readonly string[]
  readonly startsAt: Date
  readonly expiresAt: Date
}

/** The name of the parameter with a session's token. */
export const TOKEN_NAME = 'x-cos-security-token'

/** The HMAC key behind a secret; an empty one is `key-invalid`. */
export function prepareCosKey(secret: string): HmacKey {
  if (typeof secret !== 'string' || secret === '') {
    throw new SigningError('key-invalid', 'secretKey must not be empty', {
      parameter: 'secretKey',
      reason: 'expected the secret of the key pair',
    })
  }
  return prepareHmacKey(sha1, secret)
}
