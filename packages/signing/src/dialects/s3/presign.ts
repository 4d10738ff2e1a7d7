/**
 * Makes S3 presigned URLs [SIGV4-QUERY]. What is emitted is exactly what was signed: the query of the URL is the
 * canonical one, so no client has to sort or encode it the same way again.
 *
 * @module
 */
import { percentEncode } from '../../lib/percent-encode.ts'
import { resolveNow } from '../../lib/timestamp.ts'
import {
  formatV4CanonicalRequest,
  formatV4HeaderLines,
  formatV4StringToSign,
  toPairList,
} from '../../lib/v4.ts'
import type { Pairs, PresignedRequest } from '../../types.ts'
import type { S3Address } from './endpoint.ts'
import { resolveS3Location } from './endpoint.ts'
import { ALGORITHM_HMAC, MAX_EXPIRES_SECONDS, UNSIGNED_PAYLOAD } from './params.ts'
import type { S3Signer, SigningContext } from './signing-context.ts'
import { signingContext } from './signing-context.ts'
import { canonicalS3Path } from './string-to-sign.ts'
import { checkSignedHeaders } from './signed-headers.ts'

export interface PresignS3Options extends S3Address, S3Signer {
  /** The only method the URL works with. A `GET` URL does not answer `HEAD`. */
  readonly method: string
  /** From 1 to 604800, a week. */
  readonly expiresInSeconds: number
  /** The moment the URL's life begins, cut to the second. The clock's unless given. */
  readonly now?: Date | undefined
  /** Further parameters, signed like the rest: `response-content-disposition`, `versionId`, `x-amz-meta-…`. */
  readonly query?: Pairs | undefined
  /** Headers that whoever uses the URL must send, with these values. `Host` is signed anyway. */
  readonly headers?: Pairs | undefined
  /**
   * The SHA-256 of the body in hex, to bind the URL to one content. It then travels as the signed header
   * `x-amz-content-sha256`. The body is not covered unless given.
   */
  readonly payloadHash?: string | undefined
  /** Fold dot segments and runs of slashes before signing, as services other than S3 ask. */
  readonly foldPath?: boolean | undefined
}

/**
 * A presigned URL for one request.
 *
 * Adds nothing to the request that was not asked for: no checksum parameters, no `x-id`.
 * Throws `TypeError` or `RangeError` with the name of an option that cannot be used.
 *
 * ```ts
 * const { url } = presignS3({
 *   method: 'GET', bucket: 'reports', key: '2026/annual report.pdf', region: 'eu-west-1',
 *   credentials: { accessKeyId, secretAccessKey }, expiresInSeconds: 300,
 * })
 * ```
 */
export function presignS3(options: PresignS3Options): PresignedRequest {
  const { method, expiresInSeconds } = options
  checkMethod(method)
  checkExpiry(expiresInSeconds)
  const now = resolveNow(options.now)
  const context = signingContext(options, now)
  const { origin, host, path } = resolveS3Location(options)
  const payload = resolvePayload(options)

  let headerLines = `host:${host}\n`
  let signedHeaders = 'host'
  let encodedSignedHeaders = 'host'
  if (payload.headers.length > 0) {
    const formatted = formatV4HeaderLines([...payload.headers, ['host', host]])
    headerLines = formatted.headerLines
    signedHeaders = formatted.signedHeaders
    encodedSignedHeaders = percentEncode(signedHeaders)
  }
  const query = canonicalQuery(options, context, encodedSignedHeaders)
  const canonicalRequest = formatV4CanonicalRequest({
    method,
    path: options.foldPath === true ? canonicalS3Path(decodeURIComponent(path), true) : path,
    query,
    headerLines,
    signedHeaders,
    payloadHash: payload.hash,
  })
  const stringToSign = formatV4StringToSign(
    ALGORITHM_HMAC,
    context.timestamp,
    context.scope,
    canonicalRequest,
  )
  const signature = context.signingKey.hex(stringToSign)
  return {
    url: `${origin}${path}?${query}&X-Amz-Signature=${signature}`,
    method,
    headers: toHeaderRecord(payload.headers),
    expiresAt: new Date((Math.floor(now.getTime() / 1000) + expiresInSeconds) * 1000),
  }
}

const METHOD = /^[A-Z]{1,32}$/

function checkMethod(method: string): void {
  if (!METHOD.test(method)) throw new TypeError('method must be upper-case letters')
}

function checkExpiry(expiresInSeconds: number): void {
  if (
    !Number.isInteger(expiresInSeconds) ||
    expiresInSeconds < 1 ||
    expiresInSeconds > MAX_EXPIRES_SECONDS
  ) {
    throw new RangeError(`expiresInSeconds must be a whole number from 1 to ${MAX_EXPIRES_SECONDS}`)
  }
}

type PairList = readonly (readonly [string, string])[]

/** The hash that stands in the canonical request, and the headers to sign besides `host`. */
function resolvePayload(options: PresignS3Options): { hash: string; headers: PairList } {
  const { headers, payloadHash, query } = options
  if (headers === undefined && payloadHash === undefined && query === undefined) return UNSIGNED
  const given = checkSignedHeaders(toPairList(headers))
  const announced =
    findValue(given, 'x-amz-content-sha256') ?? findValue(toPairList(query), 'x-amz-content-sha256')
  if (payloadHash === undefined) return { hash: announced ?? UNSIGNED_PAYLOAD, headers: given }
  if (announced !== undefined && announced !== payloadHash) {
    throw new TypeError('payloadHash differs from the x-amz-content-sha256 given')
  }
  const mustAnnounce =
    announced === undefined &&
    payloadHash !== UNSIGNED_PAYLOAD &&
    (options.service ?? 's3') === 's3'
  return {
    hash: payloadHash,
    headers: mustAnnounce ? [...given, ['x-amz-content-sha256', payloadHash]] : given,
  }
}

const UNSIGNED: { hash: string; headers: PairList } = { hash: UNSIGNED_PAYLOAD, headers: [] }

function findValue(pairs: PairList, lowerName: string): string | undefined {
  return pairs.find(([name]) => name.toLowerCase() === lowerName)?.[1]
}

/** The authentication parameters and the caller's, encoded and sorted [SIGV4-QUERY]. */
function canonicalQuery(
  options: PresignS3Options,
  context: SigningContext,
  encodedSignedHeaders: string,
): string {
  const authentication =
    context.queryBeforeExpires +
    options.expiresInSeconds +
    context.queryAfterExpires +
    encodedSignedHeaders
  if (options.query === undefined) return authentication
  const pieces = toPairList(options.query).map(encodeParameter)
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

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({})

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
