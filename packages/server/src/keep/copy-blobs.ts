/** Brings many blobs from one store to another: several at a time, and as many together as the target puts in place at once. */
import { copyBlob } from './copy-blob.ts'
import type { CopiedBlob, CopyBlobOptions } from './copy-blob.ts'
import { inParallel } from './in-parallel.ts'
import type { WantedBlob } from './wanted-blobs.ts'

/** Of large blobs each has two parts in memory on its way to an object store. */
const AT_ONCE = 16
/** A file that is not in place yet is open. */
const BATCH = 256
const BATCH_BYTES = 256 * 1024 ** 2

export interface Copied {
  readonly wanted: WantedBlob
  readonly copied: CopiedBlob
}

export interface CopyBlobsOptions extends CopyBlobOptions {
  /** Called before each; what it throws ends everything. */
  readonly onEach?: () => void
}

/** What came of each, once it is in place. */
export async function* copyBlobs(
  wanted: AsyncIterable<WantedBlob>,
  options: CopyBlobsOptions,
): AsyncGenerator<Copied> {
  const batch = options.to.beginBatch?.() ?? null
  /** Those that somebody else brought meanwhile. */
  const standing = new Set<string>()
  let waiting: Copied[] = []
  let bytes = 0
  async function* settle(): AsyncGenerator<Copied> {
    for (const id of (await batch?.settle()) ?? []) standing.add(id)
    const some = waiting
    ;[waiting, bytes] = [[], 0]
    for (const each of some) {
      options.signal.throwIfAborted()
      if (standing.delete(each.wanted.contentId)) yield compare(each.wanted, options)
      else yield each
    }
  }
  try {
    const copies = inParallel(wanted, AT_ONCE, async (each) => {
      options.signal.throwIfAborted()
      options.onEach?.()
      return { wanted: each, copied: await copyBlob(each, options, batch ?? options.to) }
    })
    for await (const each of copies) {
      waiting.push(each)
      bytes += each.wanted.size
      const isFull = waiting.length >= BATCH || bytes >= BATCH_BYTES
      if (batch === null || isFull) yield* settle()
    }
    yield* settle()
  } finally {
    await batch?.discard()
  }
}

async function compare(wanted: WantedBlob, options: CopyBlobsOptions): Promise<Copied> {
  return { wanted, copied: await copyBlob(wanted, { ...options, comparesTarget: true }) }
}
