/**
 * Puts the `aws-chunked` framing around a body that is being sent [SIGV4-STREAMING] [SIGV4-TRAILERS].
 *
 * @module
 */
import { utf8 } from '../../lib/bytes.ts'
import { hashHex } from '../../lib/hash.ts'
import type { ChunkSigner } from './chunk-signatures.ts'
import { EMPTY_SHA256 } from './params.ts'
import { sha256 } from '../../lib/sha256.ts'

/** Frames one body, piece by piece. What comes back is to be sent in order. */
export interface ChunkedBodyEncoder {
  /** One chunk with this data, which is not empty; all chunks but the last need 8192 bytes. */
  readonly chunk: (data: Uint8Array) => readonly Uint8Array[]
  /** The end, with the one trailer if it was announced: `['x-amz-checksum-crc32', 'AAAAAA==']`. */
  readonly end: (trailer?: readonly [name: string, value: string]) => readonly Uint8Array[]
}

/** An encoder that signs with what `signS3Headers` returned; unsigned for `null`. */
export function createChunkedBodyEncoder(signer: ChunkSigner | null): ChunkedBodyEncoder {
  const head = (size: number, sha256: () => string): string =>
    signer === null
      ? `${size.toString(16)}\r\n`
      : `${size.toString(16)};chunk-signature=${signer.signChunk(sha256())}\r\n`
  return {
    chunk(data) {
      if (data.length === 0) throw new RangeError('data must not be empty: end() ends the body')
      return [utf8(head(data.length, () => hashHex(sha256, data))), data, utf8('\r\n')]
    },
    end(trailer) {
      let text = head(0, () => EMPTY_SHA256)
      if (trailer !== undefined) {
        const [name, value] = trailer
        text += `${name}:${value}\r\n`
        if (signer !== null) {
          const signature = signer.signTrailer(hashHex(sha256, `${name}:${value}\n`))
          text += `x-amz-trailer-signature:${signature}\r\n`
        }
      }
      return [utf8(`${text}\r\n`)]
    },
  }
}
