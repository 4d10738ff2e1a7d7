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
import { resolveNow } from '../../lib/timestamp.ts'
import type { PreparedPublicKey } from '../../lib/public-key.ts'
import type { RawRequest } from '../../types.ts'
import type {
  MediaCdnPublicKey,
  MediaCdnVerifierOptions,
  VerifiedMediaCdn,
  VerifyMediaCdnOptions,
} from './params.ts'
import { MEDIA_CDN_COOKIE_NAME, MEDIA_CDN_TOKEN_NAME, prepareMediaCdnPublicKey } from './params.ts'
import type { CheckPlan } from './signature.ts'
import { decodeSignature, runCheck, runCheckAsync } from './signature.ts'
import { formatPathText } from './string-to-sign.ts'

const DIALECT = 'media-cdn'

/** Verifies request after request. It keeps its keys as they were read. */
export interface MediaCdnVerifier {
  /** See {@link verifyMediaCdn}; `now` is the clock's time unless given. */
  readonly verify: (request: RawRequest, now?: Date) => VerifiedMediaCdn
  /** See {@link verifyMediaCdnCookie}. */
  readonly verifyCookie: (request: RawRequest, now?: Date) => VerifiedMediaCdn
  /** The same over WebCrypto. */
  readonly verifyAsync: (request: RawRequest, now?: Date) => Promise<VerifiedMediaCdn>
  readonly verifyCookieAsync: (request: RawRequest, now?: Date) => Promise<VerifiedMediaCdn>
}

/** A verifier for as long as its rules hold. */
export function createMediaCdnVerifier(options: MediaCdnVerifierOptions): MediaCdnVerifier {
  const rules = { ...options, keyOf: createKeyMemory(prepareMediaCdnPublicKey) }
  const at = (now: Date | undefined): MediaCdnCheck => ({ ...rules, now: resolveNow(now) })
  return {
    verify: (request, now) => runCheck(planCheck(request, at(now))),
    verifyCookie: (request, now) => runCheck(planCookieCheck(request, at(now))),
    verifyAsync: async (request, now) => runCheckAsync(planCheck(request, at(now))),
    verifyCookieAsync: async (request, now) => runCheckAsync(planCookieCheck(request, at(now))),
  }
}

interface MediaCdnCheck extends MediaCdnVerifierOptions {
  readonly keyOf: KeyMemory<MediaCdnPublicKey, PreparedPublicKey>
  readonly now: Date
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
  return createMediaCdnVerifier(options).verify(request, options.now)
}

/** The same answer as {@link verifyMediaCdn}, over WebCrypto. */
export async function verifyMediaCdnAsync(
  request: RawRequest,
  options: VerifyMediaCdnOptions,
): Promise<VerifiedMediaCdn> {
  return createMediaCdnVerifier(options).verifyAsync(request, options.now)
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
  return createMediaCdnVerifier(options).verifyCookie(request, options.now)
}

/** The same answer as {@link verifyMediaCdnCookie}, over WebCrypto. */
export async function verifyMediaCdnCookieAsync(
  request: RawRequest,
  options: VerifyMediaCdnOptions,
): Promise<VerifiedMediaCdn> {
  return createMediaCdnVerifier(options).verifyCookieAsync(request, options.now)
}

function planCheck(request: RawRequest, options: MediaCdnCheck): CheckPlan<VerifiedMediaCdn> {
  const inPath = parseSignedPath(request)
  if (inPath !== null) return plan(request, { grant: inPath, form: 'path' }, options)
  const grant = parseSignedQuery(request, DIALECT)
  return plan(request, { grant, form: grant.urlPrefix === null ? 'url' : 'prefix' }, options)
}

function planCookieCheck(request: RawRequest, options: MediaCdnCheck): CheckPlan<VerifiedMediaCdn> {
  const value = singleCookie(request.headers, MEDIA_CDN_COOKIE_NAME)
  if (value === null) {
    throw new SigningError('signature-missing', `the cookie ${MEDIA_CDN_COOKIE_NAME} is missing`, {
      dialect: DIALECT,
    })
  }
  const grant = parseSignedCookie(value, MEDIA_CDN_COOKIE_NAME)
  return plan(request, { grant, form: 'cookie' }, options)
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

function plan(
  request: RawRequest,
  { grant, form }: { grant: GoogleCdnGrant; form: VerifiedMediaCdn['form'] },
  options: MediaCdnCheck,
): CheckPlan<VerifiedMediaCdn> {
  const { keyName, expiresSeconds, urlPrefix } = grant
  const signature = decodeSignature(grant.signature, form !== 'path')
  const found = options.lookup(keyName) ?? []
  const keys = Array.isArray(found) ? found : [found]
  if (keys.length === 0) {
    throw new SigningError('key-unknown', 'no key is known by this name', { keyId: keyName })
  }
  return {
    keys: keys.map(options.keyOf),
    stringToSign: grant.stringToSign,
    signature,
    finish() {
      assertNotExpired(expiresSeconds, options.now)
      if (urlPrefix !== null) assertBelowPrefix(request, urlPrefix)
      assertMethodAllowed(request.method, options.methods ?? READ_METHODS)
      return { keyName, expiresAt: new Date(expiresSeconds * 1000), form, urlPrefix }
    },
  }
}
