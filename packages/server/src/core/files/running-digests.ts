/** The digests of bytes that come one after the other, whichever thread computes them. */
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import { createChecksum, digestOf } from './checksums.ts'

export type Digests = ReadonlyMap<ChecksumAlgorithm, Uint8Array>

export interface RunningDigests {
  /** The bytes are not needed any more once this has returned, or what it returns has resolved. */
  update(bytes: Uint8Array): Promise<void> | null
  /** Call once. */
  finish(): Promise<Digests>
  /** Forgets what came. Must be called where `finish` was not, and means nothing where it was. */
  drop(): void
}

/** `size` is `null` if nobody said; the algorithms have been loaded. */
export type BeginDigests = (
  algorithms: ReadonlySet<ChecksumAlgorithm>,
  size: number | null,
) => RunningDigests

/** On the thread that calls. */
export function beginDigestsHere(algorithms: Iterable<ChecksumAlgorithm>): RunningDigests {
  const digests = createDigests(algorithms)
  return {
    update(bytes) {
      digests.update(bytes)
      return null
    },
    finish: async () => digests.finish(),
    drop: () => undefined,
  }
}

export function createDigests(algorithms: Iterable<ChecksumAlgorithm>): {
  update(bytes: Uint8Array): void
  finish(): Digests
} {
  const running = new Map([...algorithms].map((name) => [name, createChecksum(name)]))
  return {
    update(bytes) {
      for (const checksum of running.values()) checksum.update(bytes)
    },
    finish: () => new Map([...running].map(([name, checksum]) => [name, checksum.digest()])),
  }
}

/** Of bytes that are all there: a fraction of what a running digest costs. */
export function digestsOf(algorithms: Iterable<ChecksumAlgorithm>, bytes: Uint8Array): Digests {
  return new Map([...algorithms].map((name) => [name, digestOf(name, bytes)]))
}
