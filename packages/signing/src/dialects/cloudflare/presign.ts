/**
 * URLs for zones whose firewall rule calls `is_timed_hmac_valid_v0`.
 *
 * @module
 */
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import type { PresignedRequest } from '../../types.ts'
import type { CloudflareRule } from './params.ts'
import { lastMoment, prepareCloudflareKey, resolveRule } from './params.ts'
import { separatorBehind, signCloudflareText, TIMESTAMP_DIGITS } from './string-to-sign.ts'

/** Who signs, and by which rule. */
export interface CloudflareSignerOptions extends CloudflareRule {
  readonly key: string
}

/** What to sign. */
export interface CloudflareRequest {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
  /** The moment from which the rule counts; the system's clock by default. */
  readonly now?: Date
}

/** What `presignCloudflare` needs. */
export interface PresignCloudflareOptions extends CloudflareSignerOptions, CloudflareRequest {}

/** Signs URL after URL with one key. It keeps the key as it was read. */
export interface CloudflareSigner {
  /** See {@link presignCloudflare}. */
  readonly sign: (request: CloudflareRequest) => PresignedRequest
}

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createCloudflareSigner(options: CloudflareSignerOptions): CloudflareSigner {
  const rule = resolveRule(options)
  const key = prepareCloudflareKey(options.key)
  return { sign: (request) => presignWith(key, rule, request) }
}

/**
 * A URL that works for `ttlSeconds` from now. Path and query are signed; host, scheme and method are not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignCloudflare(options: PresignCloudflareOptions): PresignedRequest {
  return createCloudflareSigner(options).sign(options)
}

function presignWith(
  key: HmacKey,
  { ttlSeconds, separator, isUrlSafe }: Required<CloudflareRule>,
  options: CloudflareRequest,
): PresignedRequest {
  const { scheme, host, path, query } = parseAbsoluteUrl(options.url, 'url')
  const message = query === null ? path : `${path}?${query}`
  const issuedSeconds = Math.floor(resolveNow(options.now).getTime() / 1000)
  const issued = `${issuedSeconds}`
  if (issued.length !== TIMESTAMP_DIGITS)
    throw new RangeError('now must have ten digits of seconds')
  const mac = signCloudflareText(key, { message, issued }, isUrlSafe)
  const between = separatorBehind(message, separator)
  return {
    url: `${scheme}://${host}${message}${between}${issued}-${percentEncode(mac)}`,
    method: 'GET',
    headers: {},
    expiresAt: lastMoment(issuedSeconds, ttlSeconds),
  }
}
