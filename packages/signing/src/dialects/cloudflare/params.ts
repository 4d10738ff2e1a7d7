/**
 * What the presigner and the verifier of Cloudflare's timed HMACs take. The rule in the zone is the operator's own, so
 * its arguments are the options.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { prepareHmacKey } from '../../lib/hmac.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { ClockOptions } from '../../types.ts'
import { sha256 } from '../../lib/sha256.ts'

/** What signer and rule must have in common. */
export interface CloudflareRule {
  /** Seconds a link works from the moment it is made: the rule's `ttl`. The link itself does not say. */
  readonly ttlSeconds: number
  /**
   * What stands between path and MAC, not signed; its length is the rule's `lengthOfSeparator`. `?verify=` by default,
   * which becomes `&verify=` behind a query.
   */
  readonly separator?: string
  /** The rule's flag `s`: base64url without padding in place of percent-encoded base64. Off by default. */
  readonly isUrlSafe?: boolean
}

/** How to check links. */
export interface CloudflareVerifierOptions extends CloudflareRule, ClockOptions {
  /** Every key that may have signed; several while keys change. */
  readonly keys: readonly string[]
  /** Methods the link may be used with, since the MAC covers none. GET and HEAD by default. */
  readonly methods?: readonly string[]
}

/** How to check one link. */
export type VerifyCloudflareOptions = CloudflareVerifierOptions

/** What a checked link says. */
export interface VerifiedCloudflare {
  /** Path and query that were signed, as sent. */
  readonly message: string
  readonly issuedAt: Date
  /** The last moment at which the link works. */
  readonly expiresAt: Date
}

/** The HMAC key behind the text; an empty one is `key-invalid`. */
export function prepareCloudflareKey(key: string): HmacKey {
  if (typeof key !== 'string' || key === '') {
    throw new SigningError('key-invalid', 'key must not be empty', {
      parameter: 'key',
      reason: "expected the text of the rule's key",
    })
  }
  return prepareHmacKey(sha256, key)
}

const USUAL_SEPARATOR = '?verify='
const SEPARATOR = /^[A-Za-z0-9\-._~:/?@!$&()*+,;=]*$/

/** The settings of a rule with their defaults; impossible ones are a `TypeError` or `RangeError`. */
export function resolveRule(rule: CloudflareRule): Required<CloudflareRule> {
  requireOptions(rule, 'ttlSeconds')
  const { ttlSeconds, separator = USUAL_SEPARATOR, isUrlSafe = false } = rule
  if (!Number.isSafeInteger(ttlSeconds) || ttlSeconds < 1 || ttlSeconds > 1e9) {
    throw new RangeError('ttlSeconds must be a whole number of seconds, at least 1')
  }
  if (separator !== USUAL_SEPARATOR && !SEPARATOR.test(separator)) {
    throw new TypeError('separator must be plain URL characters')
  }
  return { ttlSeconds, separator, isUrlSafe }
}

/** A link works while `now < issued + ttl`, in whole seconds, so its last moment is a millisecond before. */
export function lastMoment(issuedSeconds: number, ttlSeconds: number): Date {
  return new Date((issuedSeconds + ttlSeconds) * 1000 - 1)
}
