/** Blobs in this process's memory: for tests and for trying things out. Nothing survives a restart. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { BlobReader, BlobStore, ByteRange } from '../blob-store.ts'

interface HeldBlob {
  readonly bytes: Uint8Array
  readonly writtenAtMs: number
}

export interface MemoryBlobStore extends BlobStore {
  /** What is held, open to tests that damage it. */
  readonly held: Map<string, HeldBlob>
}

export function createMemoryBlobStore(clock: Clock = systemClock): MemoryBlobStore {
  const held = new Map<string, HeldBlob>()
  return {
    held,
    capabilities: { presignedRedirect: false },
    async write(blobId, body, signal) {
      const bytes = await collect(body, signal)
      if (held.has(blobId)) throw storeConflict(`Blob ${blobId} exists already.`)
      held.set(blobId, { bytes, writtenAtMs: clock.now() })
      return bytes.length
    },
    async open(blobId, range, signal) {
      signal.throwIfAborted()
      const blob = held.get(blobId)
      if (blob === undefined) throw storeCorrupt(`Blob ${blobId} is not in its place.`)
      return createReader(blobId, blob.bytes, range)
    },
    async delete(blobId) {
      held.delete(blobId)
    },
    async *list() {
      for (const [blobId, { bytes, writtenAtMs }] of held) {
        yield { blobId, size: bytes.length, writtenAtMs }
      }
    },
    removeLeftovers: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  }
}

async function collect(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  const iterator = body[Symbol.asyncIterator]()
  for (;;) {
    const next = await Promise.race([iterator.next(), aborted])
    if (next.done === true) return Buffer.concat(chunks)
    chunks.push(Uint8Array.from(next.value))
  }
}

function createReader(blobId: string, bytes: Uint8Array, range: ByteRange | null): BlobReader {
  const end = range === null ? bytes.length : range.end + 1
  if (end > bytes.length) throw storeCorrupt(`Blob ${blobId} is shorter than it was.`)
  let position = range?.start ?? 0
  return {
    async readInto(buffer) {
      const part = bytes.subarray(position, Math.min(position + buffer.length, end))
      buffer.set(part)
      position += part.length
      return part.length
    },
    close: () => Promise.resolve(),
  }
}
