/**
 * What Media CDN tokens are made of: keys, fields, and what a checked token says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { fromBase64Url } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import type { BlockHash } from '../../lib/merkle-damgard.ts'
import { sha1 } from '../../lib/sha1.ts'
import { sha256 } from '../../lib/sha256.ts'
import type { ClockOptions, Pairs } from '../../types.ts'
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
export type MediaCdnTokenOptions = ExpiryOptions & {
  readonly key: MediaCdnTokenSigningKey
  /** The parameter that will hold the token, if the operator chose another name than `edge-cache-token`. */
  readonly tokenName?: string
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

/** How to check tokens. */
export interface MediaCdnTokenVerifierOptions extends ClockOptions {
  /** Every key that may have signed; several while keys change. */
  readonly keys: readonly MediaCdnTokenVerifyKey[]
  /** The parameter, cookie or path part that holds the token; `edge-cache-token` by default. */
  readonly tokenName?: string
  /** Where the token is; the query by default. */
  readonly location?: 'query' | 'cookie' | 'path'
  /** Methods the link may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** How to check one token. */
export type VerifyMediaCdnTokenOptions = MediaCdnTokenVerifierOptions

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

const HASHES: Readonly<Record<MediaCdnTokenHash, BlockHash>> = { sha1, sha256 }

/** The HMAC key behind a secret; an empty or broken one is `key-invalid`. */
export function prepareTokenSecret({ algorithm, secret }: MediaCdnTokenSecret): HmacKey {
  if (!Object.hasOwn(HASHES, algorithm)) {
    throw new TypeError('key.algorithm must be ed25519, sha256 or sha1')
  }
  const bytes = typeof secret === 'string' ? fromBase64Url(secret) : null
  if (bytes === null || bytes.length < 16) {
    throw new SigningError('key-invalid', 'secret must be at least 16 bytes in base64url', {
      parameter: 'secret',
      reason: 'expected at least 16 bytes in base64url',
    })
  }
  return prepareHmacKey(HASHES[algorithm], bytes)
}
