/**
 * What EdgeAuth tokens are made of: key, fields, and what a checked token says.
 *
 * @module
 */
import { FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import { SigningError } from '../../errors.ts'
import { fromHex } from '../../lib/bytes.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { md5 } from '../../lib/md5.ts'
import type { BlockHash } from '../../lib/merkle-damgard.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { Clock, ClockOptions } from '../../types.ts'
import { sha1 } from '../../lib/sha1.ts'
import { sha256 } from '../../lib/sha256.ts'

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

/** Who signs. */
export interface AkamaiSignerOptions extends AkamaiProperty, ClockOptions {
  /** Hex digits, as the property holds them. */
  readonly key: string
}

/** For whom, and until when. */
export type AkamaiGrantOptions = ExpiryOptions & {
  /** The only client address the token works from. */
  readonly ip?: string
  readonly startsAt?: Date
  readonly sessionId?: string
  /** Anything the origin wants to find in the token. It is signed, not hidden. */
  readonly data?: string
}

/** Who signs, for whom, and until when. */
export type AkamaiTokenOptions = AkamaiSignerOptions & AkamaiGrantOptions

export const SIGNER_OPTIONS: OptionTable<AkamaiSignerOptions> = {
  key: TEXT,
  now: true,
  algorithm: TEXT,
  escapeEarly: FLAG,
  salt: TEXT,
  tokenName: TEXT,
}

export const GRANT_OPTIONS: OptionTable<AkamaiGrantOptions> = {
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
  data: TEXT,
  ip: TEXT,
  sessionId: TEXT,
  startsAt: true,
}

/** How to check tokens. */
export interface AkamaiVerifierOptions extends AkamaiProperty, ClockOptions {
  /** Every key that may have signed, in hex; several while keys change. */
  readonly keys: readonly string[]
  /** URL tokens cover the query too (the property does not ignore it). Off by default. */
  readonly coversQuery?: boolean
  /** Methods the link may be used with, since the token covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** How to check one token. */
export type VerifyAkamaiOptions = AkamaiVerifierOptions

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
const HASHES: Readonly<Record<AkamaiAlgorithm, BlockHash>> = { sha256, sha1, md5 }

/** The HMAC key behind hex digits; an empty or broken one is `key-invalid`. */
export function prepareAkamaiKey(key: string, algorithm: AkamaiAlgorithm): HmacKey {
  const bytes = typeof key === 'string' && key !== '' ? fromHex(key) : null
  if (bytes === null) {
    throw new SigningError('key-invalid', 'key must be an even number of hex digits', {
      parameter: 'key',
      reason: 'expected an even number of hex digits, at least two',
    })
  }
  return prepareHmacKey(HASHES[algorithm], bytes)
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

/** A property with the key that signs for it. */
export interface AkamaiKeyedProperty extends Required<AkamaiProperty> {
  readonly clock: Clock | undefined
  readonly key: HmacKey
}

/** The signer of the options. */
export function prepareAkamaiSigner(options: AkamaiSignerOptions): AkamaiKeyedProperty {
  requireOptions(options, 'key')
  const property = resolveProperty(options)
  return { ...property, key: prepareAkamaiKey(options.key, property.algorithm), clock: options.now }
}
