/**
 * Signs requests in their `Authorization` header [SIGV4-HEADER].
 *
 * @module
 */
import { FLAG, OBJECT, TEXT } from '../../lib/known-options.ts'
import { requireMethod } from '../../lib/method-scope.ts'
import { requireOptions } from '../../lib/required-options.ts'
import type { SignerOptionTable } from '../../lib/signer-options.ts'
import { signerOptionTable, signOnce } from '../../lib/signer-options.ts'
import { hashHex } from '../../lib/hash.ts'
import type { PairList } from '../../lib/pairs.ts'
import { toPairList } from '../../lib/pairs.ts'
import { resolveNowMs } from '../../lib/timestamp.ts'
import { formatV4CanonicalRequest, formatV4HeaderLines, formatV4Query } from '../../lib/v4.ts'
import type { ClockOptions, Pairs } from '../../types.ts'
import type { ChunkSigner } from './chunk-signatures.ts'
import { createChunkSigner } from './chunk-signatures.ts'
import { assertAlive } from './credentials.ts'
import type { S3Object } from './endpoint.ts'
import { locateS3Object } from './endpoint.ts'
import { EMPTY_SHA256, STREAMING_KEYWORDS } from './params.ts'
import { checkSignedHeaders, toHeaderRecord } from './signed-headers.ts'
import type { KeptDaySigner, S3SignerMemory } from './signer-memory.ts'
import { createSignerMemory } from './signer-memory.ts'
import type { S3SignerOptions } from './signer-state.ts'
import { SIGNER_OPTIONS } from './signer-state.ts'
import { momentOf } from './signing-moment.ts'
import { foldS3Path } from './string-to-sign.ts'
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

export const HEADER_OPTIONS: SignerOptionTable<S3SignerOptions, S3HeaderRequest> =
  /* @__PURE__ */ signerOptionTable({
    signer: SIGNER_OPTIONS,
    request: {
      bucket: TEXT,
      foldPath: FLAG,
      headers: OBJECT,
      key: true,
      method: TEXT,
      now: true,
      payloadHash: TEXT,
      query: OBJECT,
      regionSet: TEXT,
    },
  })

/** The request with its `authorization` header. Throws `TypeError` with the name of an option that cannot be used. */
export function signS3Headers(options: SignS3HeadersOptions): SignedS3Request {
  return signOnce(options, HEADER_OPTIONS, (signer: S3SignerOptions) => {
    const memory = createSignerMemory(signer)
    return (request: S3HeaderRequest) => signHeadersWith(memory, request)
  })
}

/** The request with its `authorization` header by a signer. */
export function signHeadersWith(state: S3SignerMemory, options: S3HeaderRequest): SignedS3Request {
  requireOptions(options, 'method')
  requireMethod(options.method)
  const nowMs = resolveNowMs(options.now ?? state.clock)
  assertAlive(state.credentials, nowMs)
  const location = locateS3Object(state.locate, options)
  const payloadHash = options.payloadHash ?? EMPTY_SHA256
  const second = Math.floor(nowMs / 1000)
  const moment =
    options.regionSet === undefined
      ? state.momentAt(second)
      : momentOf(state.credentials, state.multiRegionSignerOf, second)
  const { timestamp } = moment
  const sent = headersToSend(state, options, { timestamp, payloadHash })
  const { headerLines, signedHeaders } = formatV4HeaderLines([...sent, ['host', location.host]])
  const query = formatV4Query(toPairList(options.query, 'query'))
  const canonicalRequest = formatV4CanonicalRequest({
    method: options.method,
    path: options.foldPath === true ? foldS3Path(decodeURIComponent(location.path)) : location.path,
    query,
    headerLines,
    signedHeaders,
    payloadHash,
  })
  const signature = moment.sign(moment.timestamp, hashHex(sha256, canonicalRequest))
  const { algorithm, credential } = moment
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`
  const headers = { ...toHeaderRecord(sent), authorization }
  const chunkSigner = isSignedStream(options)
    ? startChunks(state.signerOf(timestamp.slice(0, 8)), timestamp, signature)
    : null
  const url = `${location.origin}${location.path}${query === '' ? '' : `?${query}`}`
  return { url, method: options.method, headers, chunkSigner }
}

function headersToSend(
  { credentials, service }: S3SignerMemory,
  options: S3HeaderRequest,
  { timestamp, payloadHash }: { readonly timestamp: string; readonly payloadHash: string },
): PairList {
  const given = checkSignedHeaders(toPairList(options.headers, 'headers'))
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

function isSignedStream({ payloadHash, regionSet }: S3HeaderRequest): boolean {
  const { signed, signedTrailer } = STREAMING_KEYWORDS
  return regionSet === undefined && (payloadHash === signed || payloadHash === signedTrailer)
}

function startChunks(
  { scope, signer }: KeptDaySigner,
  timestamp: string,
  signature: string,
): ChunkSigner {
  return createChunkSigner(signer.key, { timestamp, scope: scope.text, signature })
}
