/**
 * Signs requests in their `Authorization` header [SIGV4-HEADER].
 *
 * @module
 */
import { hashHex } from '../../lib/hash.ts'
import { formatBasicTimestamp, resolveNowMs } from '../../lib/timestamp.ts'
import {
  formatV4CanonicalRequest,
  formatV4HeaderLines,
  formatV4Query,
  toPairList,
} from '../../lib/v4.ts'
import type { ClockOptions, Pairs } from '../../types.ts'
import type { ChunkSigner } from './chunk-signatures.ts'
import { createChunkSigner } from './chunk-signatures.ts'
import type { S3Object } from './endpoint.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, EMPTY_SHA256, STREAMING_KEYWORDS } from './params.ts'
import { checkMethod } from './presign-parts.ts'
import { checkSignedHeaders } from './signed-headers.ts'
import type { S3SignerOptions, S3SignerState } from './signer-state.ts'
import { createSignerSource } from './signer-source.ts'
import { signSigV4a } from './sigv4a.ts'
import { canonicalS3Path } from './string-to-sign.ts'
import { sha256 } from '../../lib/sha256.ts'

/** What a signer is asked to sign in a header. */
export interface S3HeaderRequest extends S3Object, ClockOptions {
  readonly method: string
  readonly query?: Pairs | undefined
  /** Headers to sign and send, besides those made here. */
  readonly headers?: Pairs | undefined
  /**
   * The SHA-256 of the body in hex, `UNSIGNED-PAYLOAD`, or a streaming keyword. That of an empty body unless given.
   * A streaming body also needs the headers `x-amz-decoded-content-length` and, if it has one, `x-amz-trailer`.
   */
  readonly payloadHash?: string | undefined
  /** The regions in which the signature shall count, `us-*` or `*`: makes it a Version 4A one. */
  readonly regionSet?: string | undefined
  /** Fold dot segments and runs of slashes before signing, as services other than S3 ask. */
  readonly foldPath?: boolean | undefined
}

/** What `signS3Headers` needs. */
export interface SignS3HeadersOptions extends S3SignerOptions, S3HeaderRequest {}

/** A request ready to be sent. */
export interface SignedS3Request {
  readonly url: string
  readonly method: string
  /** Every header to send but `Host`, names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Signs the chunks of a body announced as signed and streaming; otherwise `null`. */
  readonly chunkSigner: ChunkSigner | null
}

/** The request with its `authorization` header. Throws `TypeError` with the name of an option that cannot be used. */
export function signS3Headers(options: SignS3HeadersOptions): SignedS3Request {
  return signHeadersWith(createSignerSource(options)(options), options)
}

/** The request with its `authorization` header by a signer. */
export function signHeadersWith(state: S3SignerState, options: S3HeaderRequest): SignedS3Request {
  checkMethod(options.method)
  const nowMs = resolveNowMs(options.now ?? state.clock)
  const location = state.locate(options)
  const payloadHash = options.payloadHash ?? EMPTY_SHA256
  const timestamp = formatBasicTimestamp(new Date(nowMs))
  const sent = headersToSend(state, options, { timestamp, payloadHash })
  const { headerLines, signedHeaders } = formatV4HeaderLines([...sent, ['host', location.host]])
  const query = formatQuery(options.query)
  const canonicalRequest = formatV4CanonicalRequest({
    method: options.method,
    path:
      options.foldPath === true
        ? canonicalS3Path(decodeURIComponent(location.path), true)
        : location.path,
    query,
    headerLines,
    signedHeaders,
    payloadHash,
  })
  const { authorization, chunkSigner } = authorize(state, options, {
    nowMs,
    signedHeaders,
    canonicalRequestHash: hashHex(sha256, canonicalRequest),
  })
  const headers: Record<string, string> = {}
  for (const [name, value] of sent) {
    const lower = name.toLowerCase()
    const before = headers[lower]
    headers[lower] = before === undefined ? value : `${before},${value}`
  }
  headers['authorization'] = authorization
  const url = `${location.origin}${location.path}${query === '' ? '' : `?${query}`}`
  return { url, method: options.method, headers, chunkSigner }
}

function formatQuery(query: Pairs | undefined): string {
  try {
    return formatV4Query(toPairList(query))
  } catch (error) {
    throw new TypeError('query must be well-formed Unicode', { cause: error })
  }
}

type PairList = readonly (readonly [string, string])[]

function headersToSend(
  { credentials, service }: S3SignerState,
  options: S3HeaderRequest,
  { timestamp, payloadHash }: { readonly timestamp: string; readonly payloadHash: string },
): PairList {
  const given = checkSignedHeaders(toPairList(options.headers))
  const made: [string, string][] = [['x-amz-date', timestamp]]
  if (service === 's3') made.push(['x-amz-content-sha256', payloadHash])
  const { sessionToken } = credentials
  if (sessionToken !== undefined) made.push(['x-amz-security-token', sessionToken])
  if (options.regionSet !== undefined) made.push(['x-amz-region-set', options.regionSet])
  for (const [name] of made) {
    if (given.some(([other]) => other.toLowerCase() === name)) {
      throw new TypeError(`headers must not hold ${name}: it is made here`)
    }
  }
  return [...given, ...made]
}

function authorize(
  state: S3SignerState,
  options: S3HeaderRequest,
  signed: {
    readonly nowMs: number
    readonly signedHeaders: string
    readonly canonicalRequestHash: string
  },
): { authorization: string; chunkSigner: ChunkSigner | null } {
  const { canonicalRequestHash: hash, nowMs, signedHeaders } = signed
  if (options.regionSet !== undefined) {
    const { credential, head, keyPair } = state.multiRegionAt(nowMs)
    const signature = signSigV4a(keyPair, head + hash)
    const authorization = `${ALGORITHM_ECDSA} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`
    return { authorization, chunkSigner: null }
  }
  const { credential, scope, signer, timestamp } = state.momentAt(nowMs)
  const signature = signer.sign(timestamp, hash)
  const authorization = `${ALGORITHM_HMAC} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  const isStreaming =
    options.payloadHash === STREAMING_KEYWORDS.signed ||
    options.payloadHash === STREAMING_KEYWORDS.signedTrailer
  const seed = { timestamp, scope: scope.text, signature }
  return { authorization, chunkSigner: isStreaming ? createChunkSigner(signer.key, seed) : null }
}
