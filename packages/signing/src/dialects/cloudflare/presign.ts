/**
 * URLs for zones whose firewall rule calls `is_timed_hmac_valid_v0`.
 *
 * @module
 */
import { FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import { parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import type { OptionalExpiry } from '../../lib/expiry.ts'
import { resolveLifeSeconds } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { ClockOptions, PresignedRequest, Signer } from '../../types.ts'
import type { CloudflareRule } from './params.ts'
import { lastMoment, prepareCloudflareKey, resolveRule } from './params.ts'
import { separatorBehind, signCloudflareText, TIMESTAMP_DIGITS } from './string-to-sign.ts'

/** Who signs, and by which rule. */
export interface CloudflareSignerOptions extends CloudflareRule, ClockOptions {
  readonly key: string
}

/**
 * What to sign. A link carries the moment it was made, and the rule adds its `ttlSeconds`, which are the longest life and,
 * unless an end is given, the life. An earlier end is one made earlier.
 */
export type CloudflareRequest = OptionalExpiry & {
  /** The whole URL, percent-encoded, exactly as the client will send it. */
  readonly url: string
}

/** What `presignCloudflare` needs. */
export type PresignCloudflareOptions = CloudflareSignerOptions & CloudflareRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type CloudflareSigner = Signer<CloudflareRequest>

const OPTIONS: SignerOptionTable<CloudflareSignerOptions, CloudflareRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      key: TEXT,
      ttlSeconds: NUMBER,
      isUrlSafe: FLAG,
      separator: TEXT,
      now: true,
    },
    request: {
      url: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
    },
  })

/** A signer for as long as its key is good. @throws {SigningError} `key-invalid` */
export function createCloudflareSigner(options: CloudflareSignerOptions): CloudflareSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(
  options: CloudflareSignerOptions,
): (request: CloudflareRequest) => PresignedRequest {
  requireOptions(options, 'key')
  const rule = resolveRule(options)
  const key = prepareCloudflareKey(options.key)
  const { now } = options
  return (request) => presignWith(key, rule, { ...request, now: request.now ?? now })
}

/**
 * A URL that works for `ttlSeconds` from now, or to the end asked for. Path and query are signed; host, scheme and method are not.
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignCloudflare(options: PresignCloudflareOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** Epoch seconds. */
function issueTime(options: CloudflareRequest, ttlSeconds: number): number {
  const nowMs = resolveNowMs(options.now)
  const nowSeconds = Math.floor(nowMs / 1000)
  if (options.expiresAt === undefined && options.expiresInSeconds === undefined) return nowSeconds
  return nowSeconds + resolveLifeSeconds(options, nowMs, ttlSeconds) - ttlSeconds
}

function presignWith(
  key: HmacKey,
  { ttlSeconds, separator, isUrlSafe }: Required<CloudflareRule>,
  options: CloudflareRequest,
): PresignedRequest {
  const { scheme, host, path, query } = parseAbsoluteUrl(options.url, 'url')
  const message = query === null ? path : `${path}?${query}`
  const issuedSeconds = issueTime(options, ttlSeconds)
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
