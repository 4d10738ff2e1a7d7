/**
 * The canonical request of a URL to be presigned, whatever was asked for, and the query that is both signed and sent.
 *
 * @module
 */
import type { ExpiryOptions } from '../../lib/expiry.ts'
import { percentEncode } from '../../lib/percent-encode.ts'
import { formatV4CanonicalRequest, formatV4HeaderLines, toPairList } from '../../lib/v4.ts'
import type { Pairs, PresignedRequest } from '../../types.ts'
import type { S3Location, S3Object } from './endpoint.ts'
import type { S3NamedOptions } from './named-options.ts'
import { UNSIGNED_PAYLOAD } from './params.ts'
import { checkSignedHeaders } from './signed-headers.ts'
import type { S3SignerOptions } from './signer-state.ts'
import { canonicalS3Path } from './string-to-sign.ts'

/** What a signer is asked to presign. Its life, from `now` cut to the second, is at most 604800 seconds, a week. */
export interface S3PresignRequest extends S3Object, ExpiryOptions, S3NamedOptions {
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
  /** Fold dot segments and runs of slashes before signing, as services other than S3 ask. */
  readonly foldPath?: boolean | undefined
}

/** What `presignS3` needs. */
export interface PresignS3Options extends S3SignerOptions, S3PresignRequest {}

export interface CanonicalPresign {
  readonly query: string
  readonly canonicalRequest: string
  readonly headers: PresignedRequest['headers']
}

/** The canonical request of whatever was asked for. */
export function canonicalisePresign(
  options: S3PresignRequest,
  { location, service }: { readonly location: S3Location; readonly service: string },
  queryPrefix: string,
): CanonicalPresign {
  const { hash, headers } = resolvePayload(options, service)
  const { headerLines, signedHeaders } = formatV4HeaderLines([...headers, ['host', location.host]])
  const query = canonicalQuery(options.query, queryPrefix + percentEncode(signedHeaders))
  const canonicalRequest = formatV4CanonicalRequest({
    method: options.method,
    path:
      options.foldPath === true
        ? canonicalS3Path(decodeURIComponent(location.path), true)
        : location.path,
    query,
    headerLines,
    signedHeaders,
    payloadHash: hash,
  })
  return { query, canonicalRequest, headers: toHeaderRecord(headers) }
}

const METHOD = /^[A-Z]{1,32}$/

export function checkMethod(method: string): void {
  if (!METHOD.test(method)) throw new TypeError('method must be upper-case letters')
}

type PairList = readonly (readonly [string, string])[]

/** The hash that stands in the canonical request, and the headers to sign besides `host`. */
function resolvePayload(
  options: S3PresignRequest,
  service: string,
): { hash: string; headers: PairList } {
  const { headers, payloadHash, query } = options
  const given = checkSignedHeaders(toPairList(headers))
  const announced =
    findValue(given, 'x-amz-content-sha256') ?? findValue(toPairList(query), 'x-amz-content-sha256')
  if (payloadHash === undefined) return { hash: announced ?? UNSIGNED_PAYLOAD, headers: given }
  if (announced !== undefined && announced !== payloadHash) {
    throw new TypeError('payloadHash differs from the x-amz-content-sha256 given')
  }
  const mustAnnounce =
    announced === undefined && payloadHash !== UNSIGNED_PAYLOAD && service === 's3'
  return {
    hash: payloadHash,
    headers: mustAnnounce ? [...given, ['x-amz-content-sha256', payloadHash]] : given,
  }
}

function findValue(pairs: PairList, lowerName: string): string | undefined {
  return pairs.find(([name]) => name.toLowerCase() === lowerName)?.[1]
}

/** The authentication parameters and the caller's, encoded and sorted [SIGV4-QUERY]. */
function canonicalQuery(extra: Pairs | undefined, authentication: string): string {
  const pieces = toPairList(extra).map(encodeParameter)
  if (pieces.length === 0) return authentication
  // The usual parameters sort after all of `X-Amz-…`, because lower case follows upper case.
  if (pieces.every((piece) => piece > 'X-Amz-T')) {
    return [authentication, ...pieces.toSorted(comparePieces)].join('&')
  }
  return [...authentication.split('&'), ...pieces].toSorted(comparePieces).join('&')
}

function encodeParameter([name, value]: readonly [string, string]): string {
  if (AUTHENTICATION_NAME.test(name)) throw new TypeError(`query must not hold ${name}`)
  try {
    return `${percentEncode(name)}=${percentEncode(value)}`
  } catch (error) {
    throw new TypeError('query must be well-formed Unicode', { cause: error })
  }
}

const AUTHENTICATION_NAME =
  /^x-amz-(?:algorithm|credential|date|expires|signedheaders|signature|security-token)$/i

/** Compares `name=value` by name and then by value: the end of a name sorts before every character of one. */
function comparePieces(a: string, b: string): number {
  const nameOfA = a.slice(0, a.indexOf('='))
  const nameOfB = b.slice(0, b.indexOf('='))
  if (nameOfA !== nameOfB) return nameOfA < nameOfB ? -1 : 1
  if (a === b) return 0
  return a < b ? -1 : 1
}

export const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

/** What the sender has to send, names in lower case. */
function toHeaderRecord(headers: PairList): Readonly<Record<string, string>> {
  if (headers.length === 0) return NO_HEADERS
  const record: Record<string, string> = {}
  for (const [name, value] of headers) {
    const lower = name.toLowerCase()
    const before = record[lower]
    record[lower] = before === undefined ? value : `${before},${value}`
  }
  return record
}
