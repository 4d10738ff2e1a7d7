/**
 * What Media CDN tokens are made of: keys, fields, and what a checked token says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { BoundedCache } from '../../lib/bounded-cache.ts'
import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { fromBase64Url } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import type { Pairs } from '../../types.ts'
import type { MediaCdnPrivateKey, MediaCdnPublicKey } from './params.ts'

/** The hashes of HMAC tokens. */
export type MediaCdnTokenHash = 'sha1' | 'sha256'

/** A shared secret in base64url, for tokens that end in `hmac=`. */
export interface MediaCdnTokenSecret {
  readonly algorithm: MediaCdnTokenHash
  readonly secret: string
}

/** What signs a token. */
export type MediaCdnTokenSigningKey =
  | MediaCdnTokenSecret
  | { readonly algorithm: 'ed25519'; readonly key: MediaCdnPrivateKey }

/** What checks a token. The algorithm belongs to the key: a token never chooses how it is checked. */
export type MediaCdnTokenVerifyKey =
  | MediaCdnTokenSecret
  | { readonly algorithm: 'ed25519'; readonly publicKey: MediaCdnPublicKey }

/** What a token opens and for whom. Exactly one of `urlPrefix`, `pathGlobs` and `fullPath`. */
export interface MediaCdnTokenOptions extends ExpiryOptions {
  readonly key: MediaCdnTokenSigningKey
  /** Scheme, host and optional path: everything that begins with it. */
  readonly urlPrefix?: string
  /** Paths in which `*` is any run of characters, slashes included, and `?` one character. */
  readonly pathGlobs?: readonly string[]
  /** One path, percent-encoded as sent. It is signed and does not stand in the token. */
  readonly fullPath?: string
  readonly startsAt?: Date
  readonly sessionId?: string
  readonly data?: string
  /** Headers the request must carry with just these values. The values do not stand in the token. */
  readonly headers?: Pairs
  /** CIDR ranges one of which the client's address must be in. */
  readonly ipRanges?: readonly string[]
}

/** How to check a token. */
export interface VerifyMediaCdnTokenOptions {
  /** Every key that may have signed; several while keys change. */
  readonly keys: readonly MediaCdnTokenVerifyKey[]
  /** The parameter, cookie or path part that holds the token; `edge-cache-token` by default. */
  readonly tokenName?: string
  /** Where the token is; the query by default. */
  readonly location?: 'query' | 'cookie' | 'path'
  /** The time of the request; the system's by default. */
  readonly now?: Date
  /** Methods the link may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a checked token says. */
export interface VerifiedMediaCdnToken {
  readonly algorithm: MediaCdnTokenVerifyKey['algorithm']
  readonly expiresAt: Date
  readonly startsAt: Date | null
  readonly urlPrefix: string | null
  readonly pathGlobs: readonly string[] | null
  readonly fullPath: string | null
  readonly sessionId: string | null
  readonly data: string | null
}

const preparedSecrets: Readonly<Record<MediaCdnTokenHash, BoundedCache<string, HmacKey>>> = {
  sha1: createBoundedCache(32),
  sha256: createBoundedCache(32),
}

/** The HMAC key behind a secret; an empty or broken one is `key-invalid`. */
export function prepareTokenSecret({ algorithm, secret }: MediaCdnTokenSecret): HmacKey {
  const known = preparedSecrets[algorithm].get(secret)
  if (known !== undefined) return known
  const bytes = typeof secret === 'string' ? fromBase64Url(secret) : null
  if (bytes === null || bytes.length < 16) {
    throw new SigningError('key-invalid', 'secret must be at least 16 bytes in base64url', {
      parameter: 'secret',
      reason: 'expected at least 16 bytes in base64url',
    })
  }
  const prepared = prepareHmacKey(algorithm, bytes)
  preparedSecrets[algorithm].set(secret, prepared)
  return prepared
}
