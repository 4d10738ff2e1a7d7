/**
 * Checks Media CDN signed URLs, prefixes, paths and cookies over the bytes of the request.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { assertNotExpired, parseEpochSeconds } from '../../lib/expiry.ts'
import type { GoogleCdnGrant } from '../../lib/google-cdn.ts'
import { assertBelowPrefix, parseSignedCookie, parseSignedQuery } from '../../lib/google-cdn.ts'
import type { KeyMemory } from '../../lib/key-memory.ts'
import { createKeyMemory } from '../../lib/key-memory.ts'
import { assertMethodAllowed, READ_METHODS } from '../../lib/method-scope.ts'
import { requireHost, singleCookie } from '../../lib/raw-headers.ts'
import { parseRawQuery, splitTarget } from '../../lib/raw-target.ts'
import { resolveCallTime } from '../../lib/timestamp.ts'
import type { PreparedPublicKey } from '../../lib/public-key.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import { CALL, checkOptions, LIST } from '../../lib/known-options.ts'
import { requireLookup } from '../../lib/required-options.ts'
import type { ClockOptions, RawRequest } from '../../types.ts'
import type {
  MediaCdnAsyncVerifierOptions,
  MediaCdnKeys,
  MediaCdnPublicKey,
  MediaCdnVerifierOptions,
  VerifiedMediaCdn,
  VerifyMediaCdnAsyncOptions,
  VerifyMediaCdnOptions,
} from './params.ts'
import { MEDIA_CDN_COOKIE_NAME, MEDIA_CDN_TOKEN_NAME, prepareMediaCdnPublicKey } from './params.ts'
import type { CheckPlan } from './signature.ts'
import { decodeSignature, runCheck, runCheckAsync } from './signature.ts'
import { formatPathText } from './string-to-sign.ts'
import { lookupAnswer } from '../../lib/lookup-answer.ts'

const DIALECT = 'media-cdn'

/** Verifies request after request. It keeps its keys as they were read. */
export interface MediaCdnVerifier {
  /** See {@link verifyMediaCdn}. */
  readonly verify: (request: RawRequest, facts?: ClockOptions) => VerifiedMediaCdn
  /** See {@link verifyMediaCdnCookie}. */
  readonly verifyCookie: (request: RawRequest, facts?: ClockOptions) => VerifiedMediaCdn
}

/** The same over WebCrypto, and for look-ups that wait. */
export interface MediaCdnAsyncVerifier {
  readonly verify: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedMediaCdn>
  readonly verifyCookie: (request: RawRequest, facts?: ClockOptions) => Promise<VerifiedMediaCdn>
}

const KNOWN: OptionTable<MediaCdnVerifierOptions> = {
  lookup: CALL,
  methods: LIST,
  now: true,
}

/** A verifier for as long as its rules hold. */
export function createMediaCdnVerifier(options: MediaCdnVerifierOptions): MediaCdnVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const rulesAt = createRules(options)
  function check(signed: SignedGrant, facts: ClockOptions | undefined): VerifiedMediaCdn {
    const rules = rulesAt(facts)
    return runCheck(planCheck(signed, lookupAnswer(options.lookup(signed.grant.keyName)), rules))
  }
  return {
    verify: (request, facts) => check(readUrl(request), facts),
    verifyCookie: (request, facts) => check(readCookie(request), facts),
  }
}

/** The asynchronous twin of {@link createMediaCdnVerifier}. */
export function createMediaCdnAsyncVerifier(
  options: MediaCdnAsyncVerifierOptions,
): MediaCdnAsyncVerifier {
  checkOptions(options, KNOWN)
  requireLookup(options)
  const rulesAt = createRules(options)
  async function check(
    signed: SignedGrant,
    facts: ClockOptions | undefined,
  ): Promise<VerifiedMediaCdn> {
    const rules = rulesAt(facts)
    return runCheckAsync(
      planCheck(signed, lookupAnswer(await options.lookup(signed.grant.keyName)), rules),
    )
  }
  return {
    verify: async (request, facts) => check(readUrl(request), facts),
    verifyCookie: async (request, facts) => check(readCookie(request), facts),
  }
}

interface MediaCdnRules {
  readonly keyOf: KeyMemory<MediaCdnPublicKey, PreparedPublicKey>
  readonly methods: readonly string[]
  readonly now: Date
}

function createRules({
  methods = READ_METHODS,
  now,
}: Omit<MediaCdnVerifierOptions, 'lookup'>): (facts: ClockOptions | undefined) => MediaCdnRules {
  const keyOf = createKeyMemory(prepareMediaCdnPublicKey)
  return (facts) => ({ keyOf, methods, now: resolveCallTime(facts, now) })
}

/** A request with what its signature says. */
interface SignedGrant {
  readonly request: RawRequest
  readonly grant: GoogleCdnGrant
  readonly form: VerifiedMediaCdn['form']
}

/**
 * What the signature in the query or the path of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong, and `sync-crypto-unavailable` without `node:crypto`
 */
export function verifyMediaCdn(
  request: RawRequest,
  options: VerifyMediaCdnOptions,
): VerifiedMediaCdn {
  return createMediaCdnVerifier(options).verify(request)
}

/** The same answer as {@link verifyMediaCdn}, over WebCrypto. */
export async function verifyMediaCdnAsync(
  request: RawRequest,
  options: VerifyMediaCdnAsyncOptions,
): Promise<VerifiedMediaCdn> {
  return createMediaCdnAsyncVerifier(options).verify(request)
}

/**
 * What the signed cookie of a request opens.
 *
 * @throws {SigningError} if anything about it is wrong, and `sync-crypto-unavailable` without `node:crypto`
 */
export function verifyMediaCdnCookie(
  request: RawRequest,
  options: VerifyMediaCdnOptions,
): VerifiedMediaCdn {
  return createMediaCdnVerifier(options).verifyCookie(request)
}

/** The same answer as {@link verifyMediaCdnCookie}, over WebCrypto. */
export async function verifyMediaCdnCookieAsync(
  request: RawRequest,
  options: VerifyMediaCdnAsyncOptions,
): Promise<VerifiedMediaCdn> {
  return createMediaCdnAsyncVerifier(options).verifyCookie(request)
}

function readUrl(request: RawRequest): SignedGrant {
  const inPath = parseSignedPath(request)
  if (inPath !== null) return { request, grant: inPath, form: 'path' }
  const grant = parseSignedQuery(request, DIALECT)
  return { request, grant, form: grant.urlPrefix === null ? 'url' : 'prefix' }
}

function readCookie(request: RawRequest): SignedGrant {
  const value = singleCookie(request.headers, MEDIA_CDN_COOKIE_NAME)
  if (value === null) {
    throw new SigningError('signature-missing', `the cookie ${MEDIA_CDN_COOKIE_NAME} is missing`, {
      dialect: DIALECT,
    })
  }
  return { request, grant: parseSignedCookie(value, MEDIA_CDN_COOKIE_NAME), form: 'cookie' }
}

const PATH_FIELDS = /^Expires=(\d{1,12})&KeyName=([A-Za-z0-9_-]{1,64})&Signature=([A-Za-z0-9_-]+)$/

/** The grant inside the path, or `null` if the path has none. */
function parseSignedPath(request: RawRequest): GoogleCdnGrant | null {
  const { path, query } = splitTarget(request.target)
  const marker = `/${MEDIA_CDN_TOKEN_NAME}=`
  const start = path.indexOf(marker)
  if (start === -1) return null
  if (path.includes(marker, start + 1)) {
    throw new SigningError('parameter-duplicate', 'the path has more than one signature', {
      parameter: MEDIA_CDN_TOKEN_NAME,
    })
  }
  if (parseRawQuery(query ?? '')?.some(({ name }) => name === 'Signature') === true) {
    throw new SigningError('credentials-ambiguous', 'path and query both carry a signature', {
      found: ['path', 'query'],
    })
  }
  const end = path.indexOf('/', start + 1)
  const fields = PATH_FIELDS.exec(path.slice(start + marker.length, end === -1 ? undefined : end))
  if (fields === null || end === -1) {
    throw new SigningError('parameter-malformed', 'the signed part of the path is malformed', {
      parameter: MEDIA_CDN_TOKEN_NAME,
      reason: 'expected Expires, KeyName and Signature, then a slash',
    })
  }
  const [, expires = '', keyName = '', signature = ''] = fields
  const origin = `${request.scheme ?? 'https'}://${requireHost(request)}`
  const urlPrefix = origin + path.slice(0, start + 1)
  return {
    stringToSign: formatPathText(urlPrefix, MEDIA_CDN_TOKEN_NAME, expires, keyName),
    urlPrefix,
    expiresSeconds: parseEpochSeconds(expires, 'Expires'),
    keyName,
    signature,
  }
}

function planCheck(
  { form, grant, request }: SignedGrant,
  found: MediaCdnKeys,
  rules: MediaCdnRules,
): CheckPlan<VerifiedMediaCdn> {
  const { keyName, expiresSeconds, urlPrefix } = grant
  const signature = decodeSignature(grant.signature, form !== 'path')
  const keys = Array.isArray(found) ? found : [found ?? []].flat()
  if (keys.length === 0) {
    throw new SigningError('key-unknown', 'no key is known by this name', { keyId: keyName })
  }
  return {
    keys: keys.map(rules.keyOf),
    stringToSign: grant.stringToSign,
    signature,
    finish() {
      assertNotExpired(expiresSeconds, rules.now)
      if (urlPrefix !== null) assertBelowPrefix(request, urlPrefix)
      assertMethodAllowed(request.method, rules.methods)
      return { keyName, expiresAt: new Date(expiresSeconds * 1000), form, urlPrefix }
    },
  }
}
