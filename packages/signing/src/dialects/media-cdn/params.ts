/**
 * What Media CDN's presigners and verifiers take, and the keys behind them.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { ClockOptions } from '../../types.ts'
import { assertKeyName } from '../../lib/google-cdn.ts'
import type { PreparedPrivateKey, PreparedPublicKey } from '../../lib/public-key.ts'
import {
  prepareEd25519Point,
  prepareEd25519Seed,
  preparePrivateKey,
  preparePublicKey,
} from '../../lib/public-key.ts'
import { requireOptions } from '../../lib/required-options.ts'

/** An Ed25519 private key: its 32 bytes in base64url, or PEM, or prepared. */
export type MediaCdnPrivateKey = string | PreparedPrivateKey

/** An Ed25519 public key: its 32 bytes in base64url, or PEM, or prepared. */
export type MediaCdnPublicKey = string | PreparedPublicKey

/** Who signs. */
export interface MediaCdnSignerOptions extends ClockOptions {
  /** The name of the keyset that holds the public key. */
  readonly keyName: string
  readonly key: MediaCdnPrivateKey
}

/** Who signs, and until when. */
export type MediaCdnGrantOptions = MediaCdnSignerOptions & ExpiryOptions

/** What a look-up finds. */
export type MediaCdnKeys = MediaCdnPublicKey | readonly MediaCdnPublicKey[] | null | undefined

/** How to check signed URLs, prefixes, paths and cookies. */
export interface MediaCdnVerifierOptions extends ClockOptions {
  /** The public keys of the keyset of that name; empty, `null` or `undefined` if there are none. */
  readonly lookup: (keyName: string) => MediaCdnKeys
  /** Methods the link may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** The asynchronous twin, whose look-up may wait. */
export interface MediaCdnAsyncVerifierOptions extends Omit<MediaCdnVerifierOptions, 'lookup'> {
  readonly lookup: (keyName: string) => MediaCdnKeys | Promise<MediaCdnKeys>
}

/** How to check one. */
export type VerifyMediaCdnOptions = MediaCdnVerifierOptions

/** The same over WebCrypto, and for look-ups that wait. */
export type VerifyMediaCdnAsyncOptions = MediaCdnAsyncVerifierOptions

/** What a checked signature says. */
export interface VerifiedMediaCdn {
  readonly keyName: string
  readonly expiresAt: Date
  /** Where the signature was: `url` opens one URL, the others everything below {@link urlPrefix}. */
  readonly form: 'url' | 'prefix' | 'path' | 'cookie'
  readonly urlPrefix: string | null
}

/** The name Media CDN reads its cookie under. */
export const MEDIA_CDN_COOKIE_NAME = 'Edge-Cache-Cookie'

/** The name of the signed path part and, unless the operator chose another, of the token. */
export const MEDIA_CDN_TOKEN_NAME = 'edge-cache-token'

/** The prepared private key; anything but Ed25519 is `key-invalid`. */
export function prepareMediaCdnPrivateKey(key: MediaCdnPrivateKey): PreparedPrivateKey {
  const isSeed = typeof key === 'string' && !key.includes('-----BEGIN')
  const prepared = isSeed ? prepareEd25519Seed(key, 'key') : preparePrivateKey(key, 'key')
  assertEd25519(prepared, 'key')
  return prepared
}

/** The prepared public key; anything but Ed25519 is `key-invalid`. */
export function prepareMediaCdnPublicKey(key: MediaCdnPublicKey): PreparedPublicKey {
  const isPoint = typeof key === 'string' && !key.includes('-----BEGIN')
  const prepared = isPoint
    ? prepareEd25519Point(key, 'publicKey')
    : preparePublicKey(key, 'publicKey')
  assertEd25519(prepared, 'publicKey')
  return prepared
}

function assertEd25519(key: PreparedPrivateKey | PreparedPublicKey, parameter: string): void {
  if (key.algorithm === 'ed25519') return
  throw new SigningError('key-invalid', `${parameter} must be an Ed25519 key`, {
    parameter,
    reason: 'expected an Ed25519 key',
  })
}

/** The key of a signer whose key name has been checked. */
export function prepareSigner(signer: MediaCdnSignerOptions): PreparedPrivateKey {
  requireOptions(signer, 'keyName', 'key')
  assertKeyName(signer.keyName)
  return prepareMediaCdnPrivateKey(signer.key)
}
