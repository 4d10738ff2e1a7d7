/**
 * What the signer and the verifier of HTTP message signatures take [RFC9421].
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { toBase64, utf8 } from '../../lib/bytes.ts'
import { ecdsaFromDer, ecdsaToDer } from '../../lib/ecdsa-signature.ts'
import { equalText } from '../../lib/constant-time.ts'
import { hmacBytes, prepareHmacKey } from '../../lib/hmac.ts'
import type { PreparedPrivateKey, PreparedPublicKey } from '../../lib/public-key.ts'
import {
  preparePrivateKey,
  preparePublicKey,
  signBytes,
  verifyBytes,
} from '../../lib/public-key.ts'
import { sha256 } from '../../lib/sha256.ts'

/** The algorithms that are computed here, by their registered names [RFC9421 6.2.2]. */
export type HttpSignatureAlgorithm =
  | 'hmac-sha256'
  | 'ed25519'
  | 'ecdsa-p256-sha256'
  | 'rsa-v1_5-sha256'

/** A key that signs. */
export type HttpSigningKey =
  | { readonly algorithm: 'hmac-sha256'; readonly secret: string | Uint8Array }
  | { readonly privateKey: string }

/** A key that checks. PEM says itself which algorithm it is for. */
export type HttpVerificationKey =
  | { readonly algorithm: 'hmac-sha256'; readonly secret: string | Uint8Array }
  | { readonly publicKey: string }

const ALGORITHMS: Readonly<Record<PreparedPublicKey['algorithm'], HttpSignatureAlgorithm>> = {
  rsa: 'rsa-v1_5-sha256',
  'ecdsa-p256': 'ecdsa-p256-sha256',
  ed25519: 'ed25519',
}

/** One way of signing. */
export interface HttpKeySigner {
  readonly algorithm: HttpSignatureAlgorithm
  readonly sign: (base: string) => Uint8Array
}

/** One way of checking. */
export interface HttpKeyVerifier {
  readonly algorithm: HttpSignatureAlgorithm
  readonly verify: (base: string, signature: Uint8Array) => boolean
}

/** @throws {SigningError} `key-invalid` */
export function prepareHttpSigner(key: HttpSigningKey): HttpKeySigner {
  if ('secret' in key) {
    const hmac = prepareHmacKey(sha256, checkSecret(key.secret))
    return { algorithm: 'hmac-sha256', sign: (base) => hmacBytes(hmac, base) }
  }
  const prepared = preparePrivateKey(key.privateKey, 'key.privateKey')
  return {
    algorithm: ALGORITHMS[prepared.algorithm],
    sign: (base) => fromLibrary(prepared, signBytes(prepared, 'sha256', utf8(base))),
  }
}

/** ECDSA signatures are two numbers side by side here, not DER [RFC9421 3.3.4]. */
function fromLibrary({ algorithm }: PreparedPrivateKey, signature: Uint8Array): Uint8Array {
  return algorithm === 'ecdsa-p256' ? (ecdsaFromDer(signature) ?? signature) : signature
}

/** @throws {SigningError} `key-invalid` */
export function prepareHttpVerifier(key: HttpVerificationKey): HttpKeyVerifier {
  if ('secret' in key) {
    const hmac = prepareHmacKey(sha256, checkSecret(key.secret))
    return {
      algorithm: 'hmac-sha256',
      verify: (base, signature) => equalText(toBase64(hmacBytes(hmac, base)), toBase64(signature)),
    }
  }
  const prepared = preparePublicKey(key.publicKey, 'publicKey')
  return {
    algorithm: ALGORITHMS[prepared.algorithm],
    verify(base, signature) {
      const isEcdsa = prepared.algorithm === 'ecdsa-p256'
      if (isEcdsa && signature.length !== 64) return false
      return verifyBytes(
        prepared,
        'sha256',
        utf8(base),
        isEcdsa ? ecdsaToDer(signature) : signature,
      )
    },
  }
}

function checkSecret(secret: string | Uint8Array): string | Uint8Array {
  const isKey = typeof secret === 'string' || secret instanceof Uint8Array
  if (isKey && secret.length > 0) return secret
  throw new SigningError('key-invalid', 'secret must not be empty', {
    parameter: 'secret',
    reason: 'expected text or bytes',
  })
}
