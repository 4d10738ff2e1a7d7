/**
 * Counts and hashes a body while it passes, and stops it the moment it grows past its limit or its time. What was announced or
 * signed is compared after the last byte, before anything is made visible.
 */
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { createChecksum, digestOf, loadChecksums } from './checksums.ts'

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
  /** Asked with every chunk; throws once there is no more time. */
  readonly requireInTime: () => void
  /** Told of every chunk how many bytes have come; throws where there is no room for them. */
  readonly takeRoom?: (size: number) => void
}

export type Digests = ReadonlyMap<ChecksumAlgorithm, Uint8Array>

export interface MeasuredBody {
  readonly size: number
  readonly digests: Digests
}

/** Up to this, a body is likely to be there in one piece. */
const ONE_PIECE_BYTES: number = 32 * 1024

/** The same bytes, counted and hashed on the way; `finish` may be called once they are through. */
export function measureBody(
  body: AsyncIterable<Uint8Array>,
  algorithms: ReadonlySet<ChecksumAlgorithm>,
  limits: BodyLimits,
): { readonly bytes: AsyncIterable<Uint8Array>; finish(): MeasuredBody } {
  let size = 0
  let digest: (algorithm: ChecksumAlgorithm) => Uint8Array = (algorithm) =>
    digestOf(algorithm, new Uint8Array(0))

  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      size += chunk.length
      requireRoom(size, limits)
      limits.takeRoom?.(size)
      limits.requireInTime()
      yield chunk
    }
    if (limits.contentLength !== null && size < limits.contentLength) {
      throw incomplete(limits.contentLength, size)
    }
  }

  async function* pass(): AsyncGenerator<Uint8Array> {
    await loadChecksums(algorithms)
    const chunks = counted()
    try {
      const first = await chunks.next()
      if (first.done === true) return
      // The start of a large body is not held back until more of it comes.
      const second = first.value.length <= ONE_PIECE_BYTES ? await chunks.next() : null
      if (second?.done === true) {
        // A body in one piece, as most small ones are: hashing it at once costs a fraction of a running hash.
        const digests = new Map([...algorithms].map((name) => [name, digestOf(name, first.value)]))
        digest = (algorithm) => digests.get(algorithm) ?? missing(algorithm)
        yield first.value
        return
      }
      const running = new Map([...algorithms].map((name) => [name, createChecksum(name)]))
      digest = (algorithm) => running.get(algorithm)?.digest() ?? missing(algorithm)
      for (let next: IteratorResult<Uint8Array> = first; next.done !== true;) {
        for (const checksum of running.values()) checksum.update(next.value)
        yield next.value
        next = (next === first ? second : null) ?? (await chunks.next())
      }
    } finally {
      await chunks.return(undefined)
    }
  }

  return {
    bytes: pass(),
    finish: () => ({
      size,
      digests: new Map([...algorithms].map((algorithm) => [algorithm, digest(algorithm)])),
    }),
  }
}

/** Throws `digest-mismatch` for the first digest that is not the body's. */
export function requireDigests(
  { digests }: MeasuredBody,
  expected: readonly ExpectedDigest[],
): void {
  for (const { algorithm, value, check } of expected) {
    const actual = digests.get(algorithm)
    if (actual !== undefined && Buffer.compare(actual, value) === 0) continue
    const computed = actual === undefined ? {} : { computed: toHex(actual) }
    throw refusal('digest-mismatch', { check, claimed: toHex(value), ...computed })
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

function requireRoom(size: number, { contentLength, maxBytes }: BodyLimits): void {
  if (size > maxBytes) throw refusal('file-too-large', { maxBytes })
  if (contentLength !== null && size > contentLength) throw incomplete(contentLength, size)
}

function incomplete(expected: number, received: number): DomainError<'body-incomplete'> {
  return refusal('body-incomplete', { expected, received })
}

function missing(algorithm: ChecksumAlgorithm): never {
  throw new Error(`The ${algorithm} of the body was not computed.`)
}
