/**
 * Swift TempURLs for one object.
 *
 * @module
 */
import { FLAG, NUMBER, TEXT } from '../../lib/known-options.ts'
import { requireMethod } from '../../lib/method-scope.ts'
import { appendQuery, parseAbsoluteUrl } from '../../lib/absolute-url.ts'
import { resolveExpiry } from '../../lib/expiry.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { hmacBase64, hmacHex } from '../../lib/hmac.ts'
import { hasHostBits, parseIpRange } from '../../lib/ip-address.ts'
import { encodeText, percentDecode, percentEncode } from '../../lib/percent-encode.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOf, signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import type { PresignedRequest, Signer } from '../../types.ts'
import type { SwiftDigest, SwiftGrantOptions, SwiftSignerOptions } from './params.ts'
import { createSwiftKeyOf, DIGEST_BYTES } from './params.ts'
import type { SwiftPath } from './string-to-sign.ts'
import { formatSwiftPath, formatSwiftText, parseSwiftPath } from './string-to-sign.ts'

/** What to sign, what may be done, and until when. */
export type SwiftRequest = SwiftGrantOptions & {
  /** The URL of the object, percent-encoded: `https://host/v1/account/container/object`. */
  readonly url: string
}

/** What `presignSwift` needs. */
export type PresignSwiftOptions = SwiftSignerOptions & SwiftRequest

/** Signs URL after URL with one key. It keeps the key as it was read. */
export type SwiftSigner = Signer<SwiftRequest>

const OPTIONS: SignerOptionTable<SwiftSignerOptions, SwiftRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: {
      key: TEXT,
      now: true,
    },
    request: {
      url: TEXT,
      method: TEXT,
      digest: TEXT,
      ipRange: TEXT,
      encoding: TEXT,
      expiresInSeconds: NUMBER,
      expiresAt: true,
      now: true,
      filename: TEXT,
      isInline: FLAG,
      timeFormat: TEXT,
    },
  })

/** A signer for as long as its key is good. */
export function createSwiftSigner(options: SwiftSignerOptions): SwiftSigner {
  return signerOf(options, OPTIONS, prepareSigning)
}

function prepareSigning(options: SwiftSignerOptions): (request: SwiftRequest) => PresignedRequest {
  requireOptions(options, 'key')
  const { key, now } = options
  const keyOf = createSwiftKeyOf(key)
  function sign(request: SwiftRequest): PresignedRequest {
    const path = readObjectPath(request.url)
    const grant = { ...request, now: request.now ?? now }
    const { query, expiresAt, method } = signQuery(keyOf, grant, { path, prefix: null })
    return { url: appendQuery(request.url, query), method, headers: {}, expiresAt }
  }
  return sign
}

/**
 * A URL that opens one object for one method. Path, method, end and address range are signed; the host is not.
 *
 * ```text
 * …/v1/account/container/object?temp_url_sig=hex&temp_url_expires=1773484013
 * ```
 *
 * @throws {SigningError} `key-invalid`
 */
export function presignSwift(options: PresignSwiftOptions): PresignedRequest {
  return signOnce(options, OPTIONS, prepareSigning)
}

/** The parts of an object's URL; a `TypeError` if it names no object. */
export function readObjectPath(url: string): SwiftPath {
  const { path, query } = parseAbsoluteUrl(url, 'url')
  const parts = parseSwiftPath(percentDecode(path) ?? '')
  if (parts === null) throw new TypeError('url must be https://host/v1/account/container/object')
  if (query !== null && /(?:^|&)(?:temp_url_|filename=|inline)/.test(query)) {
    throw new TypeError('url must not already have parameters of a TempURL')
  }
  return parts
}

/** The query of a TempURL. */
export interface SignedQuery {
  readonly query: string
  readonly method: string
  readonly expiresAt: Date
}

/** Signs for an object, or for a prefix of its container. */
export function signQuery(
  keyOf: (digest: SwiftDigest) => HmacKey,
  signer: SwiftGrantOptions,
  { path, prefix }: { readonly path: SwiftPath; readonly prefix: string | null },
): SignedQuery {
  const { digest = 'sha256', ipRange } = signer
  const method = requireMethod(signer.method ?? 'GET')
  if (!Object.hasOwn(DIGEST_BYTES, digest)) {
    throw new TypeError('digest must be sha1, sha256 or sha512')
  }
  if (ipRange !== undefined) assertRange(ipRange)
  const key = keyOf(digest)
  const expiresSeconds = resolveExpiry(signer)
  const text = formatSwiftText({
    method,
    expiresSeconds,
    path: formatSwiftPath(path, prefix),
    ipRange: ipRange ?? null,
  })
  const signature =
    signer.encoding === 'base64'
      ? `${digest}:${hmacBase64(key, text).replaceAll('+', '-').replaceAll('/', '_')}`
      : hmacHex(key, text)
  const expiresAt = new Date(expiresSeconds * 1000)
  return { query: formatQuery(signer, { signature, expiresAt, prefix }), method, expiresAt }
}

interface QueryParts {
  readonly signature: string
  readonly expiresAt: Date
  readonly prefix: string | null
}

function formatQuery(
  { timeFormat, ipRange, filename, isInline }: SwiftGrantOptions,
  { signature, expiresAt, prefix }: QueryParts,
): string {
  const end =
    timeFormat === 'iso' ? `${expiresAt.toISOString().slice(0, 19)}Z` : expiresAt.getTime() / 1000
  const pairs = [`temp_url_sig=${signature}`, `temp_url_expires=${end}`]
  if (prefix !== null) pairs.push(`temp_url_prefix=${percentEncode(prefix)}`)
  if (ipRange !== undefined) pairs.push(`temp_url_ip_range=${percentEncode(ipRange)}`)
  if (filename !== undefined)
    pairs.push(`filename=${encodeText(percentEncode, filename, 'filename')}`)
  if (isInline === true) pairs.push('inline')
  return pairs.join('&')
}

function assertRange(ipRange: string): void {
  const range = parseIpRange(ipRange)
  // Swift takes a range whose address has bits beyond its prefix for none at all.
  if (range === null || hasHostBits(range)) {
    throw new TypeError('ipRange must be an address or a CIDR range without host bits')
  }
}
