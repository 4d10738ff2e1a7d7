/**
 * The signatures inside a streaming body. Each covers the one before it, the first the signature of the request:
 *
 * ```
 * AWS4-HMAC-SHA256-PAYLOAD LF time LF scope LF previous signature LF SHA-256 of nothing LF SHA-256 of the chunk
 * AWS4-HMAC-SHA256-TRAILER LF time LF scope LF signature of the last chunk LF SHA-256 of the trailer lines
 * ```
 *
 * [SIGV4-STREAMING] [SIGV4-TRAILERS]
 *
 * @module
 */
import { equalText } from '../../lib/constant-time.ts'
import type { HmacKey } from '../../lib/hmac.ts'
import { ALGORITHM_ECDSA, ALGORITHM_HMAC, EMPTY_SHA256, isHexDigest } from './params.ts'
import type { S3ChunkSignatures } from './payload.ts'
import type { SigV4aCheck } from './sigv4a.ts'

/** From what a chain of signatures starts. */
export interface ChunkSeed {
  readonly timestamp: string
  readonly scope: string
  /** The signature of the request. */
  readonly signature: string
}

/** Makes the signatures of a body that is being sent, one after the other. */
export interface ChunkSigner {
  readonly signChunk: (sha256: string) => string
  readonly signTrailer: (sha256: string) => string
}

function payloadText(algorithm: string, seed: ChunkSeed, previous: string, hash: string): string {
  return `${algorithm}-PAYLOAD\n${seed.timestamp}\n${seed.scope}\n${previous}\n${EMPTY_SHA256}\n${hash}`
}

function trailerText(algorithm: string, seed: ChunkSeed, previous: string, hash: string): string {
  return `${algorithm}-TRAILER\n${seed.timestamp}\n${seed.scope}\n${previous}\n${hash}`
}

export function createChunkSigner(key: HmacKey, seed: ChunkSeed): ChunkSigner {
  let previous = seed.signature
  return {
    signChunk(sha256) {
      previous = key.hex(payloadText(ALGORITHM_HMAC, seed, previous, sha256))
      return previous
    },
    signTrailer: (sha256) => key.hex(trailerText(ALGORITHM_HMAC, seed, previous, sha256)),
  }
}

/** Checks a chain of HMAC signatures. After the first wrong one, none is right. */
export function hmacChunkSignatures(key: HmacKey, seed: ChunkSeed): S3ChunkSignatures {
  const signer = createChunkSigner(key, seed)
  return {
    verifyChunk: (sha256, signature) =>
      isHexDigest(signature) && equalText(signer.signChunk(sha256), signature),
    verifyTrailer: (sha256, signature) =>
      isHexDigest(signature) && equalText(signer.signTrailer(sha256), signature),
  }
}

// Version 4A signatures differ in length, and are padded so that a body's length is known ahead.
const PADDING = /\*{0,144}$/

/** The same for version 4A. A wrong signature ends the chain, because the next one covers it. */
export function ecdsaChunkSignatures(isRight: SigV4aCheck, seed: ChunkSeed): S3ChunkSignatures {
  let previous = seed.signature
  return {
    verifyChunk(sha256, padded) {
      const signature = padded.replace(PADDING, '')
      const text = payloadText(ALGORITHM_ECDSA, seed, previous, sha256)
      previous = signature
      return isRight(text, signature)
    },
    verifyTrailer: (sha256, padded) =>
      isRight(trailerText(ALGORITHM_ECDSA, seed, previous, sha256), padded.replace(PADDING, '')),
  }
}
