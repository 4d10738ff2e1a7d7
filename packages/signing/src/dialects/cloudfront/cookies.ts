/**
 * Makes CloudFront signed cookies: the same policy and signature as in a URL, under other names.
 *
 * @module
 */

import { toBase64Url, utf8 } from '../../lib/bytes.ts'
import { requireObject } from '../../lib/known-options.ts'
import { signBytesAsync, signTextBase64Url } from '../../lib/public-key.ts'
import { HASHES, encodeCloudFrontBase64, toCloudFrontAlphabet } from './params.ts'
import { preparePolicy } from './prepare-policy.ts'
import type { CloudFrontPolicyOptions, PreparedPolicy } from './prepare-policy.ts'
import { encodeCloudFrontUrl } from './signed-url.ts'
import { prepareSignerKey } from './signer-key.ts'
import type { CloudFrontSignerKey } from './signer-key.ts'

/** What {@link createCloudFrontCookies} needs: `url` for one file, or `resource` or `policy` for many. */
export type CloudFrontCookieOptions = CloudFrontSignerKey &
  CloudFrontPolicyOptions & {
    /** The absolute URL of the one file. */
    readonly url?: string
    /** `Domain` of the cookies: the distribution's host must be it or lie below it. */
    readonly domain?: string
    /** `Path` of the cookies, `/` by default. */
    readonly path?: string
    /** `SameSite` of the cookies; none by default, which browsers read in ways of their own. */
    readonly sameSite?: CloudFrontSameSite
  }

/** From whose pages a browser sends the cookies. */
export type CloudFrontSameSite = (typeof SAME_SITE)[number]

const SAME_SITE = ['Strict', 'Lax', 'None'] as const

/** Signed cookies in both forms a server may want. */
export interface CloudFrontCookies {
  /** Names and values. */
  readonly cookies: Readonly<Record<string, string>>
  /**
   * Whole `Set-Cookie` values, `Secure` and `HttpOnly`, without an expiry of their own: the browser drops them with
   * the session, and the policy ends them in any case [CLOUDFRONT-COOKIES] preventing misuse of signed cookies.
   */
  readonly setCookie: readonly string[]
  readonly expiresAt: Date
}

/** Cookies under which CloudFront serves what the policy covers. Errors as in `presignCloudFront`. */
export function createCloudFrontCookies(options: CloudFrontCookieOptions): CloudFrontCookies {
  const policy = preparePolicy(options, encodedUrl(options))
  const { privateKey } = prepareSignerKey(options)
  const signature = signTextBase64Url(privateKey, HASHES[policy.hashAlgorithm], policy.text)
  return toCookies(options, policy, signature)
}

/** The same over WebCrypto. */
export async function createCloudFrontCookiesAsync(
  options: CloudFrontCookieOptions,
): Promise<CloudFrontCookies> {
  const policy = preparePolicy(options, encodedUrl(options))
  const { privateKey } = prepareSignerKey(options)
  const hash = HASHES[policy.hashAlgorithm]
  const signature = toBase64Url(await signBytesAsync(privateKey, hash, utf8(policy.text)))
  return toCookies(options, policy, signature)
}

function encodedUrl(options: CloudFrontCookieOptions): string | null {
  requireObject(options)
  const { url, resource, policy } = options
  // A canned policy takes a star as a character: the cookies would open nothing.
  if (
    typeof url === 'string' &&
    url.includes('*') &&
    resource === undefined &&
    policy === undefined
  ) {
    throw new TypeError('url must name one file; give the pattern with a star as resource')
  }
  return url === undefined ? null : encodeCloudFrontUrl(url)
}

function toCookies(
  options: CloudFrontCookieOptions,
  policy: PreparedPolicy,
  signature: string,
): CloudFrontCookies {
  const what = policy.isCanned
    ? { 'CloudFront-Expires': String(policy.expires) }
    : { 'CloudFront-Policy': encodeCloudFrontBase64(utf8(policy.text)) }
  const cookies: Record<string, string> = {
    ...what,
    'CloudFront-Signature': toCloudFrontAlphabet(signature),
    'CloudFront-Key-Pair-Id': options.keyPairId,
    ...(policy.hashAlgorithm === 'SHA256' ? { 'CloudFront-Hash-Algorithm': 'SHA256' } : {}),
  }
  const attributes = formatAttributes(options)
  return {
    cookies,
    setCookie: Object.entries(cookies).map(([name, value]) => `${name}=${value}${attributes}`),
    expiresAt: new Date(policy.expires * 1000),
  }
}

function formatAttributes({ domain, path = '/', sameSite }: CloudFrontCookieOptions): string {
  if (domain !== undefined && !/^\.?[A-Za-z0-9.-]+$/.test(domain)) {
    throw new TypeError('domain must be a host name')
  }
  if (!/^\/[\u0021-\u003a\u003c-\u007e]*$/.test(path)) {
    throw new TypeError('path must begin with a slash and hold no blank or semicolon')
  }
  if (sameSite !== undefined && !SAME_SITE.includes(sameSite)) {
    throw new TypeError('sameSite must be Strict, Lax or None')
  }
  const where = `${domain === undefined ? '' : `; Domain=${domain}`}; Path=${path}`
  return `${where}; Secure; HttpOnly${sameSite === undefined ? '' : `; SameSite=${sameSite}`}`
}
