/**
 * What a request says of its body: not covered, one hash, or `aws-chunked` pieces.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { S3HeaderReading } from './read-headers.ts'
import { amzHeader } from './read-headers.ts'
import { isHexDigest, STREAMING_KEYWORDS, UNSIGNED_PAYLOAD } from './params.ts'

/** One of the texts of `x-amz-content-sha256` that announce an `aws-chunked` body. */
export type S3StreamingKeyword = (typeof STREAMING_KEYWORDS)[keyof typeof STREAMING_KEYWORDS]

/** Checks the signatures inside an `aws-chunked` body, each of which covers the one before. Good for one body. */
export interface S3ChunkSignatures {
  /** True if `signature` is that of a chunk with this SHA-256, being the next one. */
  readonly verifyChunk: (sha256: string, signature: string) => boolean
  /** True if `signature` is that of a trailer with this SHA-256, after the last chunk. */
  readonly verifyTrailer: (sha256: string, signature: string) => boolean
}

/** An `aws-chunked` body: what `createChunkedBodyDecoder` takes. */
export interface S3StreamingPayload {
  readonly kind: 'streaming'
  readonly keyword: S3StreamingKeyword
  /** Bytes without the framing, as announced and signed. */
  readonly decodedLength: number
  /** The trailers announced, in lower case. Without one, a trailer in the body is refused. */
  readonly trailers: readonly string[]
  /** `null` where the chunks carry no signatures. */
  readonly chunkSignatures: S3ChunkSignatures | null
}

/**
 * What the signature says of the body. With `sha256` it is the caller who must compare: the body comes
 * after the verdict on the request.
 */
export type S3Payload =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'sha256'; readonly sha256: string }
  | S3StreamingPayload

const KEYWORDS: ReadonlySet<string> = new Set(Object.values(STREAMING_KEYWORDS))

/** The payload behind the text of `x-amz-content-sha256`. `chunkSignatures` is asked only if it is needed. */
export function readS3Payload(
  text: string,
  headers: S3HeaderReading,
  chunkSignatures: () => S3ChunkSignatures,
): S3Payload {
  if (text === UNSIGNED_PAYLOAD) return UNSIGNED
  if (isHexDigest(text)) return { kind: 'sha256', sha256: text }
  const keyword = toStreamingKeyword(text)
  return {
    kind: 'streaming',
    keyword,
    decodedLength: readDecodedLength(headers),
    trailers: readTrailerNames(headers),
    chunkSignatures: keyword === STREAMING_KEYWORDS.unsignedTrailer ? null : chunkSignatures(),
  }
}

const UNSIGNED: S3Payload = { kind: 'unsigned' }

/** Refuses a text of `x-amz-content-sha256` that is neither a hash nor a keyword. */
export function checkPayloadText(text: string): void {
  if (text !== UNSIGNED_PAYLOAD && !isHexDigest(text)) toStreamingKeyword(text)
}

function toStreamingKeyword(text: string): S3StreamingKeyword {
  if (KEYWORDS.has(text)) return text as S3StreamingKeyword
  throw new SigningError('parameter-malformed', 'x-amz-content-sha256 is not a hash or keyword', {
    parameter: 'x-amz-content-sha256',
    reason: 'expected 64 lower-case hex digits or a keyword',
  })
}

const LENGTH = /^\d{1,15}$/

function readDecodedLength(headers: S3HeaderReading): number {
  const name = 'x-amz-decoded-content-length'
  const text = amzHeader(headers, name)
  if (text === null) {
    throw new SigningError('header-missing', `an aws-chunked body needs ${name}`, { name })
  }
  if (!LENGTH.test(text)) {
    throw new SigningError('parameter-malformed', `${name} is not a length`, {
      parameter: name,
      reason: 'expected a decimal number of bytes',
    })
  }
  return Number(text)
}

function readTrailerNames(headers: S3HeaderReading): readonly string[] {
  const text = amzHeader(headers, 'x-amz-trailer')
  if (text === null) return []
  return text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}
