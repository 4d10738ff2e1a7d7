/**
 * Who signs for Google Cloud Storage: a service account with its private key, one whose key stays with Google, or an
 * HMAC key.
 *
 * @module
 */

import { OBJECT } from '../../lib/known-options.ts'
import { requireGiven } from '../../lib/required-options.ts'
import { toHex, utf8 } from '../../lib/bytes.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import type { PrivateKeyInput, PublicKeyInput } from '../../lib/public-key.ts'
import { preparePrivateKey, signBytes, signBytesAsync } from '../../lib/public-key.ts'
import type { V4Scope } from '../../lib/v4.ts'
import { createV4KeyMemory } from '../../lib/v4-keys.ts'
import type { Clock, ClockOptions } from '../../types.ts'
import { SigningError } from '../../errors.ts'
import type { GcsAlgorithm } from './params.ts'
import { ALGORITHM_HMAC, ALGORITHM_RSA, GCS_SCHEME } from './params.ts'

/** A service account's e-mail address and RSA key. */
export interface GcsServiceAccountKey {
  readonly clientEmail: string
  /** PEM, or prepared with `preparePrivateKey`. */
  readonly privateKey: PrivateKeyInput
}

/** A service account key file as Google's console writes it, parsed from its JSON. Other members are not looked at. */
export interface GcsServiceAccountFile {
  readonly client_email: string
  readonly private_key: string
}

/** An HMAC key of a service account or user. */
export interface GcsHmacKey {
  readonly accessId: string
  readonly secret: string
}

/**
 * A service account whose key stays with Google. `signBlob` gets the bytes of the string to sign and answers with the
 * raw signature: send them to IAM's `signBlob` in base64, decode `signedBlob` [GCS-SIGNBLOB].
 *
 * Google rotates those keys: such a signature works for 12 hours at least, and may stop before its own end after that.
 */
export interface GcsRemoteKey {
  readonly clientEmail: string
  readonly signBlob: (bytes: Uint8Array) => Promise<Uint8Array>
}

/** A key that signs at once. */
export type GcsKey = GcsServiceAccountKey | GcsServiceAccountFile | GcsHmacKey

/** What a verifier knows of a key: the public half of an RSA key, or the secret of an HMAC key. */
export type GcsVerificationKey =
  | { readonly publicKey: PublicKeyInput }
  | { readonly secret: string }

/** A key with its name and algorithm. It keeps what it derives. */
export interface GcsKeySigner extends GcsRawSigner {
  readonly clock: Clock | undefined
}

interface GcsRawSigner {
  readonly keyId: string
  readonly algorithm: GcsAlgorithm
  /** Lower-case hex of the signature. */
  readonly sign: (stringToSign: string, scope: V4Scope) => string
  readonly signAsync: (stringToSign: string, scope: V4Scope) => Promise<string>
}

/** Whose key signs, and by which clock. */
export interface GcsSignerOptions extends ClockOptions {
  readonly key: GcsKey
}

/** The same for keys that may also stay with Google. */
export interface GcsAsyncSignerOptions extends ClockOptions {
  readonly key: GcsKey | GcsRemoteKey
}

export const GCS_SIGNER_OPTIONS: OptionTable<GcsAsyncSignerOptions> = { key: OBJECT, now: true }

/** The signer behind a key. @throws {TypeError} naming the member @throws {SigningError} `key-invalid` */
export function prepareGcsSigner(options: GcsAsyncSignerOptions): GcsKeySigner {
  const { key, now: clock } = options
  return { ...prepareKey(key), clock }
}

function prepareKey(key: GcsKey | GcsRemoteKey): GcsRawSigner {
  requireGiven(key, 'key')
  if (typeof key !== 'object') throw new TypeError('key must be a key of a known form')
  if ('accessId' in key) return prepareHmacSigner(key)
  if ('signBlob' in key) return prepareRemoteSigner(key)
  return 'private_key' in key
    ? prepareRsaSigner(key.client_email, key.private_key)
    : prepareRsaSigner(key.clientEmail, key.privateKey)
}

function prepareHmacSigner({ accessId, secret }: GcsHmacKey): GcsRawSigner {
  checkKeyId(accessId, 'key.accessId')
  // An empty secret signs for everybody.
  if (typeof secret !== 'string' || secret.length < 16) {
    throw new SigningError('key-invalid', 'key.secret cannot be used: it is too short', {
      parameter: 'key.secret',
      reason: 'expected the secret of an HMAC key',
    })
  }
  const keys = createV4KeyMemory(GCS_SCHEME)
  const sign = (stringToSign: string, scope: V4Scope): string =>
    keys.signer(accessId, secret, scope).key.hex(stringToSign)
  return {
    keyId: accessId,
    algorithm: ALGORITHM_HMAC,
    sign,
    signAsync: (stringToSign, scope) => Promise.resolve(sign(stringToSign, scope)),
  }
}

function prepareRsaSigner(clientEmail: string, privateKey: PrivateKeyInput): GcsRawSigner {
  checkKeyId(clientEmail, 'key.clientEmail')
  const prepared = preparePrivateKey(privateKey, 'key.privateKey')
  if (prepared.algorithm !== 'rsa') throw new TypeError('key.privateKey must be an RSA key')
  return {
    keyId: clientEmail,
    algorithm: ALGORITHM_RSA,
    sign: (stringToSign) => toHex(signBytes(prepared, 'sha256', utf8(stringToSign))),
    signAsync: async (stringToSign) =>
      toHex(await signBytesAsync(prepared, 'sha256', utf8(stringToSign))),
  }
}

function prepareRemoteSigner({ clientEmail, signBlob }: GcsRemoteKey): GcsRawSigner {
  checkKeyId(clientEmail, 'key.clientEmail')
  if (typeof signBlob !== 'function') throw new TypeError('key.signBlob must be a function')
  return {
    keyId: clientEmail,
    algorithm: ALGORITHM_RSA,
    sign: () => {
      throw new TypeError('key.signBlob waits for its answer: use the Async twin')
    },
    signAsync: async (stringToSign) => {
      const signature = await signBlob(utf8(stringToSign))
      // A service account's key has 2048 bits; anything much shorter is no RSA signature.
      if (!(signature instanceof Uint8Array) || signature.length < 128) {
        throw new TypeError('key.signBlob must answer with the bytes of an RSA signature')
      }
      return toHex(signature)
    },
  }
}

function checkKeyId(keyId: string, parameter: string): void {
  if (typeof keyId !== 'string' || !/^[A-Za-z0-9.@_+-]{1,256}$/.test(keyId)) {
    throw new TypeError(`${parameter} must be an e-mail address or access id`)
  }
}
