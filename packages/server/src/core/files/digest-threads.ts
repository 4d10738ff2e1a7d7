/**
 * Digests of large bodies, computed beside the event loop: a GiB takes seconds, in which everybody else would wait. A small body is through
 * before a thread has heard of it.
 */
import { extname } from 'node:path'
import type { ChecksumAlgorithm } from '../../catalog/records.ts'
import { createByteThreads } from '../../platform/byte-threads.ts'
import type { ByteThreads } from '../../platform/byte-threads.ts'
import { beginDigestsHere } from './running-digests.ts'
import type { BeginDigests, Digests } from './running-digests.ts'

export interface DigestThreads {
  readonly begin: BeginDigests
  close(): Promise<void>
}

type Threads = ByteThreads<readonly ChecksumAlgorithm[], Digests>

/** From here on it pays. */
const LARGE_BYTES: number = 1024 * 1024
const THREAD: URL = new URL(`./digest-thread${extname(import.meta.filename)}`, import.meta.url)

export function createDigestThreads(threads: Threads = createByteThreads(THREAD)): DigestThreads {
  return {
    begin(algorithms, size) {
      if (size !== null && size < LARGE_BYTES) return beginDigestsHere(algorithms)
      const feed = threads.open(inHalves(algorithms))
      return {
        update: (bytes) => feed.add(bytes),
        finish: async () => new Map((await feed.finish()).flatMap((digests) => [...digests])),
        drop: () => feed.drop(),
      }
    },
    close: () => threads.close(),
  }
}

/** The MD5, which every body has as its ETag, takes about as long as all that is usual beside it. */
function inHalves(algorithms: ReadonlySet<ChecksumAlgorithm>): readonly ChecksumAlgorithm[][] {
  const others = [...algorithms].filter((name) => name !== 'md5')
  const halves: ChecksumAlgorithm[][] = algorithms.has('md5') ? [['md5'], others] : [others]
  return halves.filter(({ length }) => length > 0)
}
