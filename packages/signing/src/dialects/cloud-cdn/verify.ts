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
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, LIST } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  CloudCdnAsyncVerifierOptions,
  CloudCdnKey,
  CloudCdnVerifierOptions,
  VerifiedCloudCdn,
  VerifyCloudCdnAsyncOptions,
  VerifyCloudCdnOptions,
} from './params.ts'
import { CLOUD_CDN_COOKIE_NAME, prepareCloudCdnKey } from './params.ts'
import { isCloudCdnSignature } from './string-to-sign.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

const DIALECT = 'cloud-cdn'
const SIGNATURE = /^[A-Za-z0-9_-]{27}=$/

/** Verifies request after request. It keeps its keys as they were read. */
export interface CloudCdnVerifier {
  /** See {@link verifyCloudCdn}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedCloudCdn
  /** See {@link verifyCloudCdnCookie}. */
  readonly verifyCookie: (request: RawRequest, facts?: ClockOptions) => VerifiedCloudCdn
}

/** The same, for look-ups that wait. */
export interface CloudCdnAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedCloudCdn>
  readonly verifyCookie: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedCloudCdn>
}

const KNOWN: OptionTable<CloudCdnVerifierOptions> = {
  lookup: CALL,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createCloudCdnVerifier(options: CloudCdnVerifierOptions): CloudCdnVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const rulesAt = createRules(options)
  function check(signed: SignedGrant, facts: ClockOptions | undefined): VerifiedCloudCdn {
    const rules = rulesAt(facts)
    return accept(signed, lookupAnswer(options.lookup(signed.grant.keyName)), rules)
  }
  return {
    verify: (request, facts) => check(readQuery(request), facts),
    verifyCookie: (request, facts) => check(readCookie(request), facts),
  }
}

/** The asynchronous twin of {@link createCloudCdnVerifier}. */
export function createCloudCdnAsyncVerifier(
  options: CloudCdnAsyncVerifierOptions,
): CloudCdnAsyncVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const rulesAt = createRules(options)
  async function check(
    signed: SignedGrant,
    facts: ClockOptions | undefined,
  ): Promise<VerifiedCloudCdn> {
    const rules = rulesAt(facts)
    return accept(signed, lookupAnswer(await options.lookup(signed.grant.keyName)), rules)
  }
  return {
    verify: async (request, facts) => check(readQuery(request), facts),
    verifyCookie: async (request, facts) => check(readCookie(request), facts),
  }
}

interface CloudCdnRules {
  readonly keyOf: KeyMemory<string, HmacKey>
  readonly methods: readonly string[]
  readonly now: Date
}

function createRules({
  methods = READ_METHODS,
  now,
}: Omit<CloudCdnVerifierOptions, 'lookup'>): (facts: ClockOptions | undefined) => CloudCdnRules {
  const keyOf = createKeyMemory(prepareCloudCdnKey)
  return (facts) => ({ keyOf, methods, now: resolveCallTime(facts, now) })
}

/** A request with what its signature says, whose signature has the form of one. */
interface SignedGrant {
  readonly request: RawRequest
  readonly grant: GoogleCdnGrant
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
  return createCloudCdnVerifier(options).verify(request)
}

/** What the signed cookie of a request opens. @throws {SigningError} if anything about it is wrong */
export function verifyCloudCdnCookie(
  request: RawRequest,
  options: VerifyCloudCdnOptions,
): VerifiedCloudCdn {
  return createCloudCdnVerifier(options).verifyCookie(request)
}

/** The same answer as {@link verifyCloudCdn}, for look-ups that wait. */
export async function verifyCloudCdnAsync(
  request: RawRequest,
  options: VerifyCloudCdnAsyncOptions,
): Promise<VerifiedCloudCdn> {
  return createCloudCdnAsyncVerifier(options).verify(request)
}

/** The same answer as {@link verifyCloudCdnCookie}, for look-ups that wait. */
export async function verifyCloudCdnCookieAsync(
  request: RawRequest,
  options: VerifyCloudCdnAsyncOptions,
): Promise<VerifiedCloudCdn> {
  return createCloudCdnAsyncVerifier(options).verifyCookie(request)
}

function readQuery(request: RawRequest): SignedGrant {
  return checkForm({ request, grant: parseSignedQuery(request, DIALECT) })
}

function readCookie(request: RawRequest): SignedGrant {
  const value = singleCookie(request.headers, CLOUD_CDN_COOKIE_NAME)
  if (value === null) {
    throw new SigningError('signature-missing', `the cookie ${CLOUD_CDN_COOKIE_NAME} is missing`, {
      dialect: DIALECT,
    })
  }
  return checkForm({ request, grant: parseSignedCookie(value, CLOUD_CDN_COOKIE_NAME) })
}

function checkForm(signed: SignedGrant): SignedGrant {
  if (SIGNATURE.test(signed.grant.signature)) return signed
  throw new SigningError('signature-malformed', 'Signature is not padded base64url of 20 bytes', {
    parameter: 'Signature',
  })
}

function accept(
  { grant, request }: SignedGrant,
  key: CloudCdnKey,
  { keyOf, methods, now }: CloudCdnRules,
): VerifiedCloudCdn {
  const { expiresSeconds, keyName, signature, urlPrefix } = grant
  if (key === null || key === undefined) {
    throw new SigningError('key-unknown', 'no key is known by this name', { keyId: keyName })
  }
  if (!isCloudCdnSignature(keyOf(key), grant.stringToSign, signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not of this request', {
      dialect: DIALECT,
    })
  }
  assertNotExpired(expiresSeconds, now)
  if (urlPrefix !== null) assertBelowPrefix(request, urlPrefix)
  assertMethodAllowed(request.method, methods)
  return { keyName, expiresAt: new Date(expiresSeconds * 1000), urlPrefix }
}
