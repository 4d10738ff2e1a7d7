/**
 * The canonical request of a URL to be presigned, whatever was asked for, and the query that is both signed and sent.
 *
 * @module
 */
import { FLAG, NUMBER, OBJECT, TEXT } from '../../lib/known-options.ts'
import type { OptionTable } from '../../lib/known-options.ts'
import type { ExpiryOptions } from '../../lib/expiry.ts'
import type { PairList } from '../../lib/pairs.ts'
import { requireMethod } from '../../lib/method-scope.ts'
import { requireOptions } from '../../lib/required-options.ts'
import { refuseDotSegments } from '../../lib/dot-segments.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { formatV4CanonicalRequest, formatV4HeaderLines } from '../../lib/v4.ts'
import type { Pairs, PresignedRequest } from '../../types.ts'
import type { S3Location, S3Locator, S3Object } from './endpoint.ts'
import { locateS3Object } from './endpoint.ts'
import type { ExpandedPairs, S3NamedOptions } from './named-options.ts'
import { UNSIGNED_PAYLOAD } from './params.ts'
import { checkSignedHeaders, toHeaderRecord } from './signed-headers.ts'
import type { S3SignerOptions } from './signer-state.ts'
import { foldS3Path } from './string-to-sign.ts'
import { wrongOption } from '../../lib/wrong-option.ts'

/** What a signer is asked to presign. Its life, from `now` cut to the second, is at most 604800 seconds, a week. */
export type S3PresignRequest = S3Object &
  ExpiryOptions &
  S3NamedOptions & {
    /** The only method the URL works with. A `GET` URL does not answer `HEAD`. */
    readonly method: string
    /** Further parameters, signed like the rest: `response-content-type`, `versionId`, `x-amz-meta-…`. */
    readonly query?: Pairs | undefined
    /** Headers that whoever uses the URL must send, with these values. `Host` is signed anyway. */
    readonly headers?: Pairs | undefined
    /**
     * The SHA-256 of the body in hex, to bind the URL to one content. It then travels as the signed header
     * `x-amz-content-sha256`. The body is not covered unless given.
     */
    readonly payloadHash?: string | undefined
    /** The regions in which the URL shall work, `us-*` or `*`: makes it a Version 4A one. Needs `node:crypto`. */
    readonly regionSet?: string | undefined
    /**
     * Fold dot segments and runs of slashes before signing, as services other than S3 ask. `false` signs them as they are, for a
     * client that sends them so; unless given, a key with dot segments is refused.
     */
    readonly foldPath?: boolean | undefined
  }

/** What `presignS3` needs. */
export type PresignS3Options = S3SignerOptions & S3PresignRequest

export const REQUEST_OPTIONS: OptionTable<S3PresignRequest> = {
  bucket: TEXT,
  checksumSha256: true,
  contentLength: NUMBER,
  contentType: TEXT,
  expiresAt: true,
  expiresInSeconds: NUMBER,
  filename: TEXT,
  foldPath: FLAG,
  headers: OBJECT,
  isInline: FLAG,
  key: true,
  method: TEXT,
  now: true,
  payloadHash: TEXT,
  query: OBJECT,
  regionSet: TEXT,
}

type ExpandedRequest = S3PresignRequest & ExpandedPairs

export interface CanonicalPresign {
  readonly query: string
  readonly canonicalRequest: string
  readonly headers: PresignedRequest['headers']
}

/** The canonical request of whatever was asked for, its named options expanded. */
export function canonicalisePresign(
  options: ExpandedRequest,
  location: S3Location,
  service: string,
  queryPrefix: string,
): CanonicalPresign {
  const { hash, headers } = resolvePayload(options, service)
  const { headerLines, signedHeaders } = formatV4HeaderLines([...headers, ['host', location.host]])
  const query = canonicalQuery(options.query, queryPrefix + percentEncode(signedHeaders))
  const canonicalRequest = formatV4CanonicalRequest({
    method: options.method,
    path: options.foldPath === true ? foldS3Path(decodeURIComponent(location.path)) : location.path,
    query,
    headerLines,
    signedHeaders,
    payloadHash: hash,
  })
  return { query, canonicalRequest, headers: toHeaderRecord(headers) }
}

/** Where the object is, for a URL that clients must leave as it is. */
export function locateForUrl(locate: S3Locator, request: S3PresignRequest): S3Location {
  const location = locateS3Object(locate, request)
  if (request.foldPath === undefined) refuseDotSegments(location.path, 'key')
  return location
}

/** @throws {TypeError} for a method that is missing or cannot be one */
export function checkMethod(request: S3PresignRequest): void {
  requireOptions(request, 'method')
  requireMethod(request.method)
}

const PAYLOAD_HASH_HEADER = 'x-amz-content-sha256'

/** The hash that stands in the canonical request, and the headers to sign besides `host`. */
function resolvePayload(
  options: ExpandedRequest,
  service: string,
): { hash: string; headers: PairList } {
  const { headers, payloadHash, query } = options
  const given = checkSignedHeaders(headers)
  const announced = [...given, ...query].find(
    ([name]) => name.toLowerCase() === PAYLOAD_HASH_HEADER,
  )?.[1]
  const hash = payloadHash ?? announced ?? UNSIGNED_PAYLOAD
  if (announced !== undefined && announced !== hash) {
    throw wrongOption(`payloadHash differs from the ${PAYLOAD_HASH_HEADER} given`)
  }
  const mustAnnounce = announced === undefined && hash !== UNSIGNED_PAYLOAD && service === 's3'
  return { hash, headers: mustAnnounce ? [...given, [PAYLOAD_HASH_HEADER, hash]] : given }
}

/** The authentication parameters and the caller's, encoded and sorted [SIGV4-QUERY]. */
function canonicalQuery(extra: PairList, authentication: string): string {
  const pieces = extra.map(encodeParameter).toSorted()
  const [first = 'x'] = pieces
  // Mostly all of it sorts after `X-Amz-…`, because lower case follows upper case.
  const sorted =
    first > 'X-Amz-T'
      ? [authentication, ...pieces]
      : [...authentication.replaceAll('=', '\0').split('&'), ...pieces].toSorted()
  return sorted.join('&').replaceAll('\0', '=')
}

/** Name and value with a NUL between them, which no encoded text has: so the end of a name sorts before every character of one. */
function encodeParameter([name, value]: readonly [string, string]): string {
  if (AUTHENTICATION_NAME.test(name)) throw wrongOption(`query must not hold ${name}`)
  return [name, value].map(percentEncode).join('\0')
}

const AUTHENTICATION_NAME =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token)$/i

export function formatUrl({ origin, path }: S3Location, query: string, signature: string): string {
  return `${origin}${path}?${query}&X-Amz-Signature=${signature}`
}
