/**
 * What Bunny CDN's presigners and verifiers take, and what a checked token says.
 *
 * @module
 */
import { FLAG, LIST, NUMBER, TEXT } from '../../lib/known-options.ts'
import { SigningError } from '../../errors.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import type { ClockOptions } from '../../types.ts'
import { sha256 } from '../../lib/sha256.ts'

/**
 * How a token is made. `hs256` is the HMAC of today. `sha256` (before 2026) and `md5` (the first) are legacy: hashes
 * over a text that begins with the key, which whoever has one token can lengthen.
 */
export type BunnyFormat = 'hs256' | 'sha256' | 'md5'

/** Who signs. */
export interface BunnySignerOptions extends ClockOptions {
  /** The pull zone's token authentication key. */
  readonly key: string
  /** `hs256` by default; the others only for zones that do not take it. */
  readonly format?: BunnyFormat
}

/** For whom, and until when. */
export type BunnyGrantOptions = ExpiryOptions & {
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

/** Who signs, for whom, and until when. */
export type BunnyTokenOptions = BunnySignerOptions & BunnyGrantOptions

export const SIGNER_OPTIONS: OptionTable<BunnySignerOptions> = {
  key: TEXT,
  now: true,
  format: TEXT,
}

export const GRANT_OPTIONS: OptionTable<BunnyGrantOptions> = {
  expiresInSeconds: NUMBER,
  expiresAt: true,
  now: true,
  blockedCountries: LIST,
  clientIp: TEXT,
  countries: LIST,
  ignoresQuery: FLAG,
  isInPath: FLAG,
  limitKbps: NUMBER,
}

/** How to check tokens. */
export interface BunnyVerifierOptions extends ClockOptions {
  /** Every key that may have signed; several while keys change. */
  readonly keys: readonly string[]
  /** Legacy formats to take as well; none by default. */
  readonly legacyFormats?: readonly ('sha256' | 'md5')[]
  /** Legacy tokens of this zone are bound to an address; the token does not say. Off by default. */
  readonly legacyBindsIp?: boolean
  /** Methods the link may be used with, since the token covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a verifier knows of one request beside its bytes. */
export interface BunnyRequestFacts extends ClockOptions {
  /** Where the client is, two letters; absent: a URL that names countries is refused. */
  readonly clientCountry?: string
}

/** How to check one token. */
export interface VerifyBunnyOptions extends BunnyVerifierOptions, BunnyRequestFacts {}

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

/** Refuses a key no zone can have. */
function assertBunnyKey(key: string): void {
  if (typeof key !== 'string' || key === '') {
    throw new SigningError('key-invalid', 'key must not be empty', {
      parameter: 'key',
      reason: 'expected the token authentication key of the pull zone',
    })
  }
}

/** A key of a zone in the form a format needs it: the text for hashes, prepared for the HMAC. */
export interface BunnyKey {
  readonly text: string
  readonly hmac: () => HmacKey
}

/** The key behind the text, prepared for the HMAC at most once. */
export function createBunnyKey(text: string): BunnyKey {
  assertBunnyKey(text)
  let hmac: HmacKey | null = null
  return { text, hmac: () => (hmac ??= prepareHmacKey(sha256, text)) }
}
