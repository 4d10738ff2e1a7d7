/**
 * What EdgeAuth tokens are made of: key, fields, and what a checked token says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { BoundedCache } from '../../lib/bounded-cache.ts'
import { createBoundedCache } from '../../lib/bounded-cache.ts'
import { fromHex } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'

/** The hashes a property can be configured with. Only SHA-256 should be used for anything made today. */
export type AkamaiAlgorithm = 'sha256' | 'sha1' | 'md5'

/** What signer and property must have in common. */
export interface AkamaiProperty {
  /** `sha256` by default. */
  readonly algorithm?: AkamaiAlgorithm
  /** Secret text hashed after the fields and never sent. */
  readonly salt?: string
  /** The property's "escape token input": fields are percent-encoded before they are hashed. Off by default. */
  readonly escapeEarly?: boolean
  /** The name of parameter, cookie and header: `__token__` by default, `hdnts` for media. */
  readonly tokenName?: string
}

/** Who signs, for whom, and until when. */
export interface AkamaiTokenOptions extends AkamaiProperty, ExpiryOptions {
  /** Hex digits, as the property holds them. */
  readonly key: string
  /** The only client address the token works from. */
  readonly ip?: string
  readonly startsAt?: Date
  readonly sessionId?: string
  /** Anything the origin wants to find in the token. It is signed, not hidden. */
  readonly data?: string
}

/** How to check a token. */
export interface VerifyAkamaiOptions extends AkamaiProperty {
  /** Every key that may have signed, in hex; several while keys change. */
  readonly keys: readonly string[]
  /** URL tokens cover the query too (the property does not ignore it). Off by default. */
  readonly coversQuery?: boolean
  /** The time of the request; the system's by default. */
  readonly now?: Date
  /** Methods the link may be used with, since the token covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a checked token says. */
export interface VerifiedAkamai {
  readonly expiresAt: Date
  readonly startsAt: Date | null
  /** The paths it opens, with `*` and `?`; `null` for a token of one URL. */
  readonly acl: readonly string[] | null
  readonly ip: string | null
  readonly sessionId: string | null
  readonly data: string | null
}

/** The name tokens travel under unless the property has another. */
export const AKAMAI_TOKEN_NAME = '__token__'

/** Hex digits of an HMAC, by algorithm. */
export const AKAMAI_MAC_DIGITS: Readonly<Record<AkamaiAlgorithm, number>> = {
  sha256: 64,
  sha1: 40,
  md5: 32,
}

const TOKEN_NAME = /^[A-Za-z0-9_.-]{1,64}$/
const preparedKeys: Readonly<Record<AkamaiAlgorithm, BoundedCache<string, HmacKey>>> = {
  sha256: createBoundedCache(32),
  sha1: createBoundedCache(32),
  md5: createBoundedCache(32),
}

/** The HMAC key behind hex digits; an empty or broken one is `key-invalid`. */
export function prepareAkamaiKey(key: string, algorithm: AkamaiAlgorithm): HmacKey {
  const known = preparedKeys[algorithm].get(key)
  if (known !== undefined) return known
  const bytes = typeof key === 'string' && key !== '' ? fromHex(key) : null
  if (bytes === null) {
    throw new SigningError('key-invalid', 'key must be an even number of hex digits', {
      parameter: 'key',
      reason: 'expected an even number of hex digits, at least two',
    })
  }
  const prepared = prepareHmacKey(algorithm, bytes)
  preparedKeys[algorithm].set(key, prepared)
  return prepared
}

/** The settings of a property with their defaults; impossible ones are a `TypeError`. */
export function resolveProperty(property: AkamaiProperty): Required<AkamaiProperty> {
  const { algorithm = 'sha256', salt = '', escapeEarly = false } = property
  const { tokenName = AKAMAI_TOKEN_NAME } = property
  if (algorithm !== 'sha256' && !Object.hasOwn(AKAMAI_MAC_DIGITS, algorithm)) {
    throw new TypeError('algorithm must be sha256, sha1 or md5')
  }
  const isUsual = tokenName === AKAMAI_TOKEN_NAME
  if (!isUsual && !TOKEN_NAME.test(tokenName)) throw new TypeError('tokenName must be a plain name')
  return { algorithm, salt, escapeEarly, tokenName }
}
