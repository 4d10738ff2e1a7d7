/**
 * Takes the `aws-chunked` framing off a body and checks what is signed in it [SIGV4-STREAMING] [SIGV4-TRAILERS].
 *
 * ```
 * 2000;chunk-signature=… CRLF data CRLF            (signed)      2000 CRLF data CRLF     (unsigned)
 * 0;chunk-signature=… CRLF                                       0 CRLF
 * x-amz-checksum-crc32:… CRLF                                    x-amz-checksum-crc32:… CRLF
 * x-amz-trailer-signature:… CRLF                                 CRLF
 * CRLF
 * ```
 *
 * @module
 */
import { SigningError } from '../../errors.ts'
import type { IncrementalHash } from '../../lib/incremental-hash.ts'
import { createIncrementalHash } from '../../lib/incremental-hash.ts'
import type { S3Trailers, TrailerReader } from './chunk-trailers.ts'
import { createTrailerReader } from './chunk-trailers.ts'
import { EMPTY_SHA256, STREAMING_KEYWORDS } from './params.ts'
import type { S3StreamingPayload } from './payload.ts'
import { sha256 } from '../../lib/sha256.ts'

/** [SIGV4-STREAMING] Every chunk but the last has at least this many bytes. */
const MIN_CHUNK_BYTES = 8192

/**
 * A decoder for one body. The bytes that {@link ChunkedBodyDecoder.push} gives out belong to chunks that may still
 * turn out to be wrong: keep them aside, and let them count only once {@link ChunkedBodyDecoder.end} has returned.
 */
export interface ChunkedBodyDecoder {
  /**
   * Takes bytes as they arrive and gives the data among them: slices of `bytes`, not copies.
   * Throws at the first fault, and from then on always.
   */
  readonly push: (bytes: Uint8Array) => readonly Uint8Array[]
  /**
   * Says that the body is over. Throws if it is not complete. The trailers are checked against what was announced
   * and signed; whether a checksum is that of the data is for the caller to compare.
   */
  readonly end: () => S3Trailers
}

/** What of the body comes next. */
type Part = 'chunk-line' | 'data' | 'data-end' | 'trailers' | 'over'

const CR = 0x0d
const LF = 0x0a
// The longest line that means anything: a size, and a padded signature of version 4A, or a checksum.
const MAX_LINE_BYTES = 1024

/** How far the decoding of one body has come. */
interface Decoding {
  readonly payload: S3StreamingPayload
  readonly trailers: TrailerReader
  readonly line: LineReader
  part: Part
  /** The chunk begun last. The one before the first is as large as it has to be. */
  chunk: { index: number; size: number; left: number; signature: string }
  /** Bytes of data so far. */
  received: number
  /** Of the chunk under way, if it is signed. */
  hash: IncrementalHash | null
}

/** A decoder for the body that `verifyS3` has announced in `payload`. */
export function createChunkedBodyDecoder(payload: S3StreamingPayload): ChunkedBodyDecoder {
  const decoding: Decoding = {
    payload,
    trailers: createTrailerReader(payload),
    line: createLineReader(),
    part: 'chunk-line',
    chunk: { index: 0, size: MIN_CHUNK_BYTES, left: 0, signature: '' },
    received: 0,
    hash: null,
  }
  let failure: Error | null = null

  function guard<Result>(action: () => Result): Result {
    if (failure !== null) throw failure
    try {
      return action()
    } catch (error) {
      failure = error instanceof Error ? error : new Error('decoding failed', { cause: error })
      throw failure
    }
  }
  return {
    push: (bytes) => guard(() => take(decoding, bytes)),
    end: () =>
      guard(() => {
        if (decoding.part !== 'over' || decoding.received !== payload.decodedLength) {
          refuseLength(payload.decodedLength, decoding.received)
        }
        return decoding.trailers.result()
      }),
  }
}

function take(decoding: Decoding, bytes: Uint8Array): Uint8Array[] {
  const data: Uint8Array[] = []
  let offset = 0
  while (offset < bytes.length) {
    if (decoding.part === 'over') refuseFraming('expected nothing after the end')
    if (decoding.part === 'data') {
      const slice = bytes.subarray(offset, offset + decoding.chunk.left)
      takeData(decoding, slice)
      data.push(slice)
      offset += slice.length
    } else {
      offset = decoding.line.read(bytes, offset)
      const text = decoding.line.take()
      if (text !== null) takeLine(decoding, text)
    }
  }
  return data
}

function takeData(decoding: Decoding, slice: Uint8Array): void {
  const { chunk, hash } = decoding
  hash?.update(slice)
  decoding.received += slice.length
  chunk.left -= slice.length
  if (chunk.left > 0) return
  if (hash !== null) checkChunk(decoding, hash.digestHex())
  decoding.part = 'data-end'
}

function takeLine(decoding: Decoding, text: string): void {
  if (decoding.part === 'chunk-line') {
    startChunk(decoding, text)
  } else if (decoding.part === 'data-end') {
    if (text !== '') refuseFraming('expected CR LF after the data of a chunk')
    decoding.part = 'chunk-line'
  } else if (text !== '') {
    if (!HAS_TRAILER.has(decoding.payload.keyword)) {
      refuseFraming('expected the end after the last chunk')
    }
    decoding.trailers.take(text)
  } else {
    decoding.trailers.finish()
    decoding.part = 'over'
  }
}

const HAS_TRAILER: ReadonlySet<string> = new Set([
  STREAMING_KEYWORDS.signedTrailer,
  STREAMING_KEYWORDS.unsignedTrailer,
  STREAMING_KEYWORDS.ecdsaSignedTrailer,
])

function startChunk(decoding: Decoding, text: string): void {
  const { chunk: before, payload, received } = decoding
  const { size, signature } = parseChunkLine(text, payload.chunkSignatures !== null)
  if (size > 0 && before.size < MIN_CHUNK_BYTES) {
    throw new SigningError('chunk-too-small', 'a chunk that is not the last is too small', {
      chunk: before.index,
      size: before.size,
      minBytes: MIN_CHUNK_BYTES,
    })
  }
  // Before any of it is handed out, so that nobody is made to store more than was signed.
  if (received + size > payload.decodedLength) refuseLength(payload.decodedLength, received + size)
  decoding.chunk = { index: before.index + 1, size, left: size, signature }
  if (size > 0) {
    decoding.hash = payload.chunkSignatures === null ? null : createIncrementalHash(sha256)
    decoding.part = 'data'
  } else {
    checkChunk(decoding, EMPTY_SHA256)
    decoding.part = 'trailers'
  }
}

function checkChunk(decoding: Decoding, sha256: string): void {
  const { chunkSignatures } = decoding.payload
  if (chunkSignatures === null) return
  if (!chunkSignatures.verifyChunk(sha256, decoding.chunk.signature)) {
    throw new SigningError('signature-mismatch', 'the signature is not that of this chunk', {
      dialect: 's3',
    })
  }
}

/** The data of a chunked body, as it arrives; `onTrailers` is called at its end, before the last return. */
export async function* decodeChunkedBody(
  body: AsyncIterable<Uint8Array>,
  payload: S3StreamingPayload,
  onTrailers: (trailers: S3Trailers) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = createChunkedBodyDecoder(payload)
  for await (const bytes of body) yield* decoder.push(bytes)
  onTrailers(decoder.end())
}

// Sixteen digits could not be counted exactly; fourteen are enough for 256 TiB.
const CHUNK_LINE = /^([0-9A-Fa-f]{1,14})(?:;chunk-signature=([0-9a-f*]{1,256}))?$/

function parseChunkLine(text: string, isSigned: boolean): { size: number; signature: string } {
  const match = CHUNK_LINE.exec(text)
  if (match === null) return refuseFraming('expected the size of a chunk in hex')
  const [, size = '', signature] = match
  if (isSigned && signature === undefined) {
    throw new SigningError('signature-malformed', 'a chunk lacks its signature', {
      parameter: 'chunk-signature',
    })
  }
  if (!isSigned && signature !== undefined) {
    refuseFraming('expected no signature in a body of unsigned chunks')
  }
  return { size: Number.parseInt(size, 16), signature: signature ?? '' }
}

function refuseFraming(reason: string): never {
  throw new SigningError('chunk-malformed', 'the body is not aws-chunked', { reason })
}

function refuseLength(expected: number, received: number): never {
  throw new SigningError('body-incomplete', 'the body is not as long as announced', {
    expected,
    received,
  })
}

interface LineReader {
  /** Takes bytes from `offset` to the end of a line or of the bytes, and gives the offset after them. */
  readonly read: (bytes: Uint8Array, offset: number) => number
  /** The line if it is complete, without its CR LF; else `null`. */
  readonly take: () => string | null
}

/** Puts lines together from however many pieces they arrive in. */
function createLineReader(): LineReader {
  const buffer = new Uint8Array(MAX_LINE_BYTES)
  let length = 0
  const isComplete = (): boolean =>
    length >= 2 && buffer[length - 2] === CR && buffer[length - 1] === LF
  return {
    read(bytes, offset) {
      let index = offset
      while (index < bytes.length && !isComplete()) {
        if (length === MAX_LINE_BYTES) refuseFraming('expected a shorter line')
        buffer[length] = bytes[index] ?? 0
        length += 1
        index += 1
      }
      return index
    },
    take() {
      if (!isComplete()) return null
      const text = String.fromCharCode(...buffer.subarray(0, length - 2))
      length = 0
      return text
    },
  }
}
