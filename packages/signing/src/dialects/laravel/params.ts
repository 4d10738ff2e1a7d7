/**
 * What the signer and the verifier of Laravel's signed URLs take.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { sha256 } from '../../lib/sha256.ts'
import type { ClockOptions } from '../../types.ts'

/** Who signs. */
export interface LaravelSignerOptions extends ClockOptions {
  /** The application's key as its configuration has it, `base64:` and all: the text itself is the key. */
  readonly key: string
}

/** How to check URLs. */
export interface LaravelVerifierOptions extends ClockOptions {
  /** Every key that may have signed: `app.key`, and `app.previous_keys` while keys change. */
  readonly keys: readonly string[]
  /** The URLs were signed without scheme and host. */
  readonly isRelative?: boolean
  /** Parameters that are left out of what is signed, as `hasValidSignatureWhileIgnoring` takes them. */
  readonly ignoredParameters?: readonly string[]
  /** Refuse URLs without an end, which a Laravel application may make. */
  readonly requiresEnd?: boolean
  /** Methods the URL may be used with, since the signature covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** How to check one URL. */
export type VerifyLaravelOptions = LaravelVerifierOptions

/** What a checked URL says. */
export interface VerifiedLaravel {
  /** `null`: it has no end. */
  readonly expiresAt: Date | null
}

/** The HMAC key behind the text; an empty one is `key-invalid`. */
export function prepareLaravelKey(key: string): HmacKey {
  if (typeof key !== 'string' || key === '') {
    throw new SigningError('key-invalid', 'key must not be empty', {
      parameter: 'key',
      reason: 'expected the text of app.key, with base64: in front if it has that',
    })
  }
  return prepareHmacKey(sha256, key)
}
