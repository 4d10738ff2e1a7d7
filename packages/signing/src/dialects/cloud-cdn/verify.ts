/**
 * Checks Cloud CDN signed URLs, prefixes and cookies over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired } from '../../lib/expiry.ts'
import type { GoogleCdnGrant } from '../../lib/google-cdn.ts'
import { assertBelowPrefix, parseSignedCookie, parseSignedQuery } from '../../lib/google-cdn.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { singleCookie } from '../../lib/raw-headers.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { RawRequest } from '../../types.ts'
import type { CloudCdnVerifierOptions, VerifiedCloudCdn, VerifyCloudCdnOptions } from './params.ts'
import { CLOUD_CDN_COOKIE_NAME, prepareCloudCdnKey } from './params.ts'
import { isCloudCdnSignature } from './string-to-sign.ts'

const DIALECT = 'cloud-cdn'
const SIGNATURE = /^[A-Za-z0-9_-]{27}=$/

/** Verifies request after request. It keeps its keys as they were read. */
export interface CloudCdnVerifier {
  /** See {@link verifyCloudCdn}; `now` is the clock's time unless given. */
  readonly verify: (request: RawRequest, now?: Date) => VerifiedCloudCdn
  /** See {@link verifyCloudCdnCookie}. */
  readonly verifyCookie: (request: RawRequest, now?: Date) => VerifiedCloudCdn
}

/** A verifier for as long as its rules hold. */
export function createCloudCdnVerifier(options: CloudCdnVerifierOptions): CloudCdnVerifier {
  const rules = { ...options, keyOf: createKeyMemory(prepareCloudCdnKey) }
  return {
    verify: (request, now) =>
      check(request, parseSignedQuery(request, DIALECT), { ...rules, now: resolveNow(now) }),
    verifyCookie: (request, now) =>
      check(request, readCookie(request), { ...rules, now: resolveNow(now) }),
  }
}

/**
 * What the signature in the query of a request opens; a URL or a prefix. The CDN itself lets requests without a
 * signature through to the origin, so an origin has to call this for every request it wants signed.
 *
 * @throws {SigningError} if anything about it is wrong
 */
export function verifyCloudCdn(
  request: RawRequest,
  options: VerifyCloudCdnOptions,
): VerifiedCloudCdn {
  return createCloudCdnVerifier(options).verify(request, options.now)
}

/** What the signed cookie of a request opens. @throws {SigningError} if anything about it is wrong */
export function verifyCloudCdnCookie(
  request: RawRequest,
  options: VerifyCloudCdnOptions,
): VerifiedCloudCdn {
  return createCloudCdnVerifier(options).verifyCookie(request, options.now)
}

function readCookie(request: RawRequest): GoogleCdnGrant {
  const value = singleCookie(request.headers, CLOUD_CDN_COOKIE_NAME)
  if (value === null) {
    throw new SigningError('signature-missing', `the cookie ${CLOUD_CDN_COOKIE_NAME} is missing`, {
      dialect: DIALECT,
    })
  }
  return parseSignedCookie(value, CLOUD_CDN_COOKIE_NAME)
}

interface CloudCdnCheck extends CloudCdnVerifierOptions {
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly now: Date
}

function check(
  request: RawRequest,
  grant: GoogleCdnGrant,
  options: CloudCdnCheck,
): VerifiedCloudCdn {
  const { keyName, expiresSeconds, urlPrefix, signature } = grant
  if (!SIGNATURE.test(signature)) {
    throw new SigningError('signature-malformed', 'Signature is not padded base64url of 20 bytes', {
      parameter: 'Signature',
    })
  }
  const key = options.lookup(keyName)
  if (key === null || key === undefined) {
    throw new SigningError('key-unknown', 'no key is known by this name', { keyId: keyName })
  }
  if (!isCloudCdnSignature(options.keyOf(key), grant.stringToSign, signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not of this request', {
      dialect: DIALECT,
    })
  }
  assertNotExpired(expiresSeconds, options.now)
  if (urlPrefix !== null) assertBelowPrefix(request, urlPrefix)
  assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
  return { keyName, expiresAt: new Date(expiresSeconds * 1000), urlPrefix }
}
