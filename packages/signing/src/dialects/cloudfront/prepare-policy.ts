/**
 * Turns a caller's options into the one policy text that will be signed.
 *
 * @module
 */

import { resolveExpiry, toEpochSeconds } from '../../lib/expiry.ts'
import type { ExpiryOptions, OptionalExpiry } from '../../lib/expiry.ts'
import { checkOptions, NUMBER, TEXT } from '../../lib/known-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOptionTable } from '../../lib/signer-options.ts'
import { parseIpRange } from '../../lib/ip-address.ts'
import type { CloudFrontHashAlgorithm } from './params.ts'
import { MAX_EPOCH_SECONDS } from './params.ts'
import { coversUrl, parseCloudFrontPolicy } from './policy.ts'
import type { CloudFrontSignerKey } from './signer-key.ts'
import { formatCannedPolicy, formatCustomPolicy } from './string-to-sign.ts'

/** What a policy may say. */
export type CloudFrontPolicyOptions = OptionalExpiry &
  (ExpiryOptions | { readonly policy: string }) & {
    /** The first moment at which the URL works. */
    readonly startsAt?: Date
    /** IPv4 address or network in CIDR form; a bare address is written with `/32`. CloudFront takes no IPv6 here. */
    readonly ip?: string
    /**
     * The Resource of the policy where it is not the URL itself: `*` any run of characters, `?` any one, `\?` a
     * question mark. It must cover the URL.
     */
    readonly resource?: string
    /** A whole policy text of the caller's own, signed as it stands. Excludes every other option of this group. */
    readonly policy?: string
    /** `SHA1` (CloudFront's default) or `SHA256`, which adds `Hash-Algorithm=SHA256`. `SHA256` by default. */
    readonly hashAlgorithm?: CloudFrontHashAlgorithm
  }

/** Of a URL, of cookies and of a prefix. */
type EveryRequest = CloudFrontPolicyOptions &
  Record<'url' | 'method' | 'domain' | 'path' | 'sameSite', string>

/** Of everything that signs for CloudFront: one call takes the options of another, and means nothing by them. */
export const CLOUDFRONT_OPTIONS: SignerOptionTable<CloudFrontSignerKey, EveryRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: { keyPairId: TEXT, privateKey: true, now: true },
    request: {
      now: true,
      url: TEXT,
      method: TEXT,
      domain: TEXT,
      path: TEXT,
      sameSite: TEXT,
      startsAt: true,
      ip: TEXT,
      resource: TEXT,
      policy: TEXT,
      hashAlgorithm: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
    },
  })

const KNOWN = { ...CLOUDFRONT_OPTIONS.signer, ...CLOUDFRONT_OPTIONS.request }

interface PolicyText {
  readonly text: string
  readonly isCanned: boolean
  /** Epoch seconds. */
  readonly expires: number
}

/** A policy ready to be signed. */
export interface PreparedPolicy extends PolicyText {
  readonly hashAlgorithm: CloudFrontHashAlgorithm
}

/**
 * The policy for a URL, or for no URL in particular (`null`: then `resource` or `policy` must say what it covers).
 *
 * @throws {TypeError | RangeError} naming the option @throws {SigningError} `policy-malformed`
 */
export function preparePolicy(
  options: CloudFrontPolicyOptions,
  url: string | null,
): PreparedPolicy {
  checkOptions(options, KNOWN)
  const hashAlgorithm = options.hashAlgorithm ?? 'SHA256'
  if (hashAlgorithm !== 'SHA1' && hashAlgorithm !== 'SHA256') {
    throw new TypeError('hashAlgorithm must be SHA1 or SHA256')
  }
  const policy = options.policy === undefined ? buildPolicy(options, url) : readOwnPolicy(options)
  return { ...policy, hashAlgorithm }
}

function buildPolicy(options: CloudFrontPolicyOptions, url: string | null): PolicyText {
  const resource = readResource(options, url)
  const expires = readExpiry(options)
  const starts =
    options.startsAt === undefined ? null : toEpochSeconds(options.startsAt, 'startsAt')
  if (starts !== null && starts >= expires) throw new RangeError('startsAt must be before the end')
  const ip = readIp(options.ip)
  const isCanned = starts === null && ip === null && options.resource === undefined
  // In a custom policy the star of a file's name would open every file that fits.
  if (!isCanned && options.resource === undefined && resource.includes('*')) {
    throw new TypeError('url must spell a star as %2A here, or resource must say what is meant')
  }
  const text = isCanned
    ? formatCannedPolicy(resource, expires)
    : formatCustomPolicy({ resource, expires, starts, ip })
  return { text, isCanned, expires }
}

function readResource(options: CloudFrontPolicyOptions, url: string | null): string {
  const resource = options.resource ?? url
  if (resource === null) throw new TypeError('one of url, resource and policy must be given')
  if (typeof resource !== 'string' || resource === '') {
    throw new TypeError('resource must be a URL or a pattern')
  }
  if (url !== null && !coversUrl(resource, url)) throw new RangeError('resource must cover url')
  return resource
}

function readOwnPolicy(options: CloudFrontPolicyOptions): PolicyText {
  const { policy = '' } = options
  if (typeof policy !== 'string') throw new TypeError('policy must be a JSON text')
  for (const name of ['startsAt', 'ip', 'resource', 'expiresAt', 'expiresInSeconds'] as const) {
    if (options[name] !== undefined) throw new TypeError(`policy and ${name} exclude each other`)
  }
  return { text: policy, isCanned: false, expires: parseCloudFrontPolicy(policy).expires }
}

function readExpiry(options: CloudFrontPolicyOptions): number {
  const expires = resolveExpiry(options)
  if (expires > MAX_EPOCH_SECONDS) {
    throw new RangeError('expiresAt must not be later than 2038-01-19T03:14:07Z')
  }
  return expires
}

function readIp(ip: string | undefined): string | null {
  if (ip === undefined) return null
  if (typeof ip !== 'string' || parseIpRange(ip)?.bytes.length !== 4) {
    throw new TypeError('ip must be an IPv4 address or network')
  }
  return ip.includes('/') ? ip : `${ip}/32`
}
