/**
 * Counts and hashes a body while it passes, and stops it the moment it grows past its limit or its time. What was announced or
 * signed is compared after the last byte, before anything is made visible.
 */
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'
import type { DomainError } from '../errors.ts'
import { loadChecksums } from './checksums.ts'
import { digestsOf } from './running-digests.ts'
import type { BeginDigests, Digests, RunningDigests } from './running-digests.ts'

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

export interface MeasuredBody {
  readonly size: number
  readonly digests: Digests
}

/** Up to this, a body is likely to be there in one piece. */
const ONE_PIECE_BYTES: number = 32 * 1024
const NOTHING: Uint8Array = new Uint8Array(0)

export interface PassingBody {
  readonly bytes: AsyncIterable<Uint8Array>
  /** May be called once the bytes are through. */
  finish(): Promise<MeasuredBody>
  /** Must be called in the end, whatever became of the bytes. */
  close(): void
}

/** The same bytes, counted and hashed on the way. */
// oxlint-disable-next-line max-params -- who hashes, what, and within which bounds
export function measureBody(
  begin: BeginDigests,
  body: AsyncIterable<Uint8Array>,
  algorithms: ReadonlySet<ChecksumAlgorithm>,
  limits: BodyLimits,
): PassingBody {
  let size = 0
  let running: RunningDigests | null = null
  let isClosed = false
  let digests: Digests | Promise<Digests> | null = null

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
        digests = digestsOf(algorithms, first.value)
        yield first.value
        return
      }
      if (isClosed) throw new Error('The body was given up.')
      running = begin(algorithms, limits.contentLength)
      for (let next: IteratorResult<Uint8Array> = first; next.done !== true;) {
        const hashed = running.update(next.value)
        if (hashed !== null) await hashed
        yield next.value
        next = (next === first ? second : null) ?? (await chunks.next())
      }
    } finally {
      await chunks.return(undefined)
    }
  }

  return {
    bytes: pass(),
    async finish() {
      digests ??= running === null ? digestsOf(algorithms, NOTHING) : running.finish()
      return { size, digests: await digests }
    },
    close() {
      isClosed = true
      running?.drop()
    },
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
