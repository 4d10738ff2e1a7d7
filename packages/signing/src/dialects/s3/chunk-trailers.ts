/**
 * The trailers of an `aws-chunked` body: which may come, and whether they are signed as they should be.
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import { hashHex } from '../../lib/hash.ts'
import type { S3StreamingPayload } from './payload.ts'
import { STREAMING_KEYWORDS } from './params.ts'
import { sha256 } from '../../lib/sha256.ts'

/** Trailer values by their names in lower case: `x-amz-checksum-crc32` and its like. */
export type S3Trailers = ReadonlyMap<string, string>

export interface TrailerReader {
  /** Takes one line between the last chunk and the end. */
  readonly take: (line: string) => void
  /** Checks that everything announced has come, and the signature over it. */
  readonly finish: () => void
  readonly result: () => S3Trailers
}

const TRAILER_LINE = /^([A-Za-z0-9-]{1,128}):([\x20-\x7e]{0,512})$/
const TRAILER_NAME = /^x-amz-checksum-[a-z0-9]{1,32}$/
const SIGNATURE_NAME = 'x-amz-trailer-signature'

export function createTrailerReader(payload: S3StreamingPayload): TrailerReader {
  const { chunkSignatures, keyword } = payload
  const isSigned =
    keyword === STREAMING_KEYWORDS.signedTrailer ||
    keyword === STREAMING_KEYWORDS.ecdsaSignedTrailer
  const trailers = new Map<string, string>()
  let signature: string | null = null

  function take(text: string): void {
    // Clients differ in whether a line feed belongs to the value [SIGV4-TRAILERS].
    const match = TRAILER_LINE.exec(text.endsWith('\n') ? text.slice(0, -1) : text)
    if (match === null) return refuse('expected name:value')
    const name = (match[1] ?? '').toLowerCase()
    const value = (match[2] ?? '').trim()
    if (signature !== null) refuse('expected nothing after the signature')
    if (name === SIGNATURE_NAME) {
      if (!isSigned) refuse('expected no signature')
      signature = value
      return
    }
    if (!payload.trailers.includes(name)) refuse('expected a trailer that was announced')
    if (!TRAILER_NAME.test(name)) refuse('expected a checksum')
    if (trailers.size > 0) refuse('expected one checksum')
    trailers.set(name, value)
  }
  function finish(): void {
    if (payload.trailers.some((name) => !trailers.has(name))) {
      refuse('expected every trailer that was announced')
    }
    if (!isSigned) return
    if (signature === null) return refuse('expected a signature')
    const text = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('')
    if (chunkSignatures?.verifyTrailer(hashHex(sha256, text), signature) !== true) {
      throw new SigningError('signature-mismatch', 'the signature is not that of the trailer', {
        dialect: 's3',
      })
    }
  }
  return { take, finish, result: () => trailers }
}

function refuse(reason: string): never {
  throw new SigningError('trailer-malformed', 'the trailer of the body is malformed', { reason })
}
