/**
 * What Bunny CDN's presigners and verifiers take, and what a checked token says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { createBoundedCache } from '../../lib/bounded-cache.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'

/**
 * How a token is made. `hs256` is the HMAC of today. `sha256` (before 2026) and `md5` (the first) are legacy: hashes
 * over a text that begins with the key, which whoever has one token can lengthen.
 */
export type BunnyFormat = 'hs256' | 'sha256' | 'md5'

/** Who signs, for whom, and until when. */
export interface BunnySigner extends ExpiryOptions {
  /** The pull zone's token authentication key. */
  readonly key: string
  /** `hs256` by default; the others only for zones that do not take it. */
  readonly format?: BunnyFormat
  /** The only client the URL works for: one IPv4 address, or the /64 of an IPv6 address. */
  readonly clientIp?: string
  /** Two-letter codes of the only countries the URL works from. */
  readonly countries?: readonly string[]
  /** Two-letter codes of countries the URL does not work from. */
  readonly blockedCountries?: readonly string[]
  /** The most a client gets, in kilobytes a second. */
  readonly limitKbps?: number
  /** Leave the query out of the signature. Country lists and the limit are parts of the query. Off by default. */
  readonly ignoresQuery?: boolean
  /** Put the token into the path, so that relative URLs inherit it. Off by default. */
  readonly isInPath?: boolean
}

/** How to check a token. */
export interface VerifyBunnyOptions {
  /** Every key that may have signed; several while keys change. */
  readonly keys: readonly string[]
  /** Legacy formats to take as well; none by default. */
  readonly legacyFormats?: readonly ('sha256' | 'md5')[]
  /** Legacy tokens of this zone are bound to an address; the token does not say. Off by default. */
  readonly legacyBindsIp?: boolean
  /** Where the client is, two letters; absent: a URL that names countries is refused. */
  readonly clientCountry?: string
  /** The time of the request; the system's by default. */
  readonly now?: Date
  /** Methods the link may be used with, since the token covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a checked token says. */
export interface VerifiedBunny {
  readonly format: BunnyFormat
  /** True for formats that should not be made any more. */
  readonly isLegacy: boolean
  readonly expiresAt: Date
  /** The path of the file, decoded, without a token in it. */
  readonly path: string
  /** The folder the token opens; `null`: this one path. */
  readonly tokenPath: string | null
  readonly isIpBound: boolean
  /** True if the query is not signed: nothing in it may be trusted. */
  readonly ignoresQuery: boolean
  readonly limitKbps: number | null
}

/** The names Bunny reads itself. */
export const CONTROL_NAMES: ReadonlySet<string> = new Set([
  'token',
  'bcdn_token',
  'expires',
  'token_path',
  'token_countries',
  'token_countries_blocked',
  'token_ignore_params',
  'limit',
])

const preparedKeys = createBoundedCache<string, HmacKey>(32)

/** Refuses a key no zone can have. */
export function assertBunnyKey(key: string): void {
  if (typeof key !== 'string' || key === '') {
    throw new SigningError('key-invalid', 'key must not be empty', {
      parameter: 'key',
      reason: 'expected the token authentication key of the pull zone',
    })
  }
}

/** The HMAC key behind the text. */
export function prepareBunnyKey(key: string): HmacKey {
  const known = preparedKeys.get(key)
  if (known !== undefined) return known
  assertBunnyKey(key)
  const prepared = prepareHmacKey('sha256', key)
  preparedKeys.set(key, prepared)
  return prepared
}
