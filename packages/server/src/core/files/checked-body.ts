/**
 * Counts and hashes a body while it passes, and stops it the moment it grows past its limit. What was announced or
 * signed is compared after the last byte, before anything is made visible.
 */
import { DomainError } from '../errors.ts'
import { createChecksum, digestOf } from './checksums.ts'
import type { ChecksumAlgorithm } from './checksums.ts'

export interface ExpectedDigest {
  readonly algorithm: ChecksumAlgorithm
  readonly value: Uint8Array
  /** The header or parameter it came from, for the message. */
  readonly check: string
}

export interface BodyLimits {
  /** What the client announced, if it did. */
  readonly contentLength: number | null
  readonly maxBytes: number
}

export interface MeasuredBody {
  readonly size: number
  readonly digests: ReadonlyMap<ChecksumAlgorithm, Uint8Array>
}

/** The same bytes, counted and hashed on the way; `finish` may be called once they are through. */
export function measureBody(
  body: AsyncIterable<Uint8Array>,
  algorithms: ReadonlySet<ChecksumAlgorithm>,
  limits: BodyLimits,
): { readonly bytes: AsyncIterable<Uint8Array>; finish(): MeasuredBody } {
  const running = [...algorithms].map(
    (algorithm) => [algorithm, createChecksum(algorithm)] as const,
  )
  let size = 0

  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      size += chunk.length
      requireRoom(size, limits)
      for (const [, checksum] of running) checksum.update(chunk)
      yield chunk
    }
    requireWhole(size, limits)
  }

  return {
    bytes: pass(),
    finish: () => ({
      size,
      digests: new Map(running.map(([algorithm, checksum]) => [algorithm, checksum.digest()])),
    }),
  }
}

/** The same for a body that is all there. */
export function measureBytes(
  bytes: Uint8Array,
  algorithms: ReadonlySet<ChecksumAlgorithm>,
  limits: BodyLimits,
): MeasuredBody {
  requireRoom(bytes.length, limits)
  requireWhole(bytes.length, limits)
  const digests = new Map<ChecksumAlgorithm, Uint8Array>()
  for (const algorithm of algorithms) digests.set(algorithm, digestOf(algorithm, bytes))
  return { size: bytes.length, digests }
}

/** Throws `digest-mismatch` for the first digest that is not the body's. */
export function requireDigests(measured: MeasuredBody, expected: readonly ExpectedDigest[]): void {
  for (const { algorithm, value, check } of expected) {
    const actual = measured.digests.get(algorithm)
    if (actual !== undefined && Buffer.compare(actual, value) === 0) continue
    const message = `The body does not have the digest given in ${check}.`
    throw new DomainError('digest-mismatch', message, { check })
  }
}

function requireRoom(size: number, { contentLength, maxBytes }: BodyLimits): void {
  if (size > maxBytes) throw fileTooLarge(maxBytes)
  if (contentLength !== null && size > contentLength) throw incomplete(contentLength, size)
}

function requireWhole(size: number, { contentLength }: BodyLimits): void {
  if (contentLength !== null && size !== contentLength) throw incomplete(contentLength, size)
}

export function fileTooLarge(maxBytes: number): DomainError<'file-too-large'> {
  return new DomainError('file-too-large', `At most ${maxBytes} bytes may be stored here.`, {
    maxBytes,
  })
}

function incomplete(expected: number, received: number): DomainError<'body-incomplete'> {
  const message = `${expected} bytes were announced and ${received} came.`
  return new DomainError('body-incomplete', message, { expected, received })
}
