/**
 * What Edgio (Verizon) token authentication takes, and what a token says.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { hashBytes } from '../../lib/hash.ts'
import type { ClockOptions } from '../../types.ts'
import { sha256 } from '../../lib/sha256.ts'

/** What a token demands of a request besides its time. Lists are alternatives. */
export interface EdgioRules {
  /** The only client address. */
  readonly clientIp?: string
  /** Two-letter codes of the only countries. */
  readonly countries?: readonly string[]
  readonly blockedCountries?: readonly string[]
  /** What the path must begin with; a plain prefix, so `/pictures` also opens `/pictures.png`. */
  readonly paths?: readonly string[]
  readonly blockedPaths?: readonly string[]
  readonly hosts?: readonly string[]
  readonly blockedHosts?: readonly string[]
  /** Host, or host and path, of the only pages that may link here; `missing` allows requests that name none. */
  readonly referrers?: readonly string[]
  readonly blockedReferrers?: readonly string[]
  readonly protocols?: readonly string[]
  readonly blockedProtocols?: readonly string[]
}

/** How to open a token. */
export interface EdgioKeys {
  /** Every key that may have encrypted it: the primary and the backup one. */
  readonly keys: readonly string[]
}

/** How to check tokens. */
export interface EdgioVerifierOptions extends EdgioKeys, ClockOptions {
  /** The parameter that holds the token; absent: it is the first part of the query, without a name. */
  readonly parameterName?: string
  /** Methods the link may be used with, since the token covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** What a verifier knows of one request beside its bytes. */
export interface EdgioRequestFacts extends ClockOptions {
  /** Where the client is, two letters; absent: a token that names countries is refused. */
  readonly clientCountry?: string
}

/** How to check one token. */
export interface VerifyEdgioOptions extends EdgioVerifierOptions, EdgioRequestFacts {}

/** What an opened token says. */
export interface EdgioToken {
  readonly rules: EdgioRules
  /** `null`: the token has no end. {@link verifyEdgio} refuses those. */
  readonly expiresAt: Date | null
}

/** What a checked token says. */
export interface VerifiedEdgio {
  readonly rules: EdgioRules
  readonly expiresAt: Date
  /** The service was closed in January 2025. */
  readonly isLegacy: true
}

/** The AES key of a secret: its SHA-256. An empty secret is `key-invalid`. */
export function toAesKey(key: string): Uint8Array {
  if (typeof key === 'string' && key !== '') return hashBytes(sha256, key)
  throw new SigningError('key-invalid', 'key must not be empty', {
    parameter: 'key',
    reason: 'expected the text of a token authentication key',
  })
}
