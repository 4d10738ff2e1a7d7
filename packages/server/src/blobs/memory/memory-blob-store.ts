/** Blobs in this process's memory: for tests and for trying things out. Nothing survives a restart. */
import type { Clock } from '../../platform/clock.ts'
import { systemClock } from '../../platform/clock.ts'
import { storeConflict, storeCorrupt } from '../../platform/store-errors.ts'
import type { BlobReader, BlobStore, ByteRange } from '../blob-store.ts'

const BLOB_ID = /^[A-Za-z0-9]{8,64}$/

interface HeldBlob {
  readonly bytes: Uint8Array
  readonly writtenAtMs: number
}

export interface MemoryBlobStore extends BlobStore {
  /** Harms a blob behind the store's back, for tests of what follows. */
  damage(blobId: string, how: 'remove' | 'truncate'): void
}

export function createMemoryBlobStore(clock: Clock = systemClock): MemoryBlobStore {
  const held = new Map<string, HeldBlob>()
  return {
    damage(blobId, how) {
      const blob = held.get(blobId)
      if (how === 'remove' || blob === undefined) held.delete(blobId)
      else held.set(blobId, { ...blob, bytes: blob.bytes.subarray(0, 10) })
    },
    capabilities: { presignedRedirect: false },
    async write(blobId, body, signal) {
      requireBlobId(blobId)
      signal.throwIfAborted()
      const bytes = await collect(body, signal)
      if (held.has(blobId)) throw storeConflict(`Blob ${blobId} exists already.`)
      held.set(blobId, { bytes, writtenAtMs: clock.now() })
      return bytes.length
    },
    async open(blobId, range, signal) {
      requireBlobId(blobId)
      signal.throwIfAborted()
      const blob = held.get(blobId)
      if (blob === undefined) throw storeCorrupt(`Blob ${blobId} is not in its place.`)
      return createReader(blobId, blob.bytes, range)
    },
    async delete(blobId) {
      requireBlobId(blobId)
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

function requireBlobId(blobId: string): void {
  if (!BLOB_ID.test(blobId)) throw new TypeError('blobId must be 8 to 64 letters and digits')
}

async function collect(body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  aborted.catch(() => undefined)
  const iterator = body[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await Promise.race([iterator.next(), aborted])
      if (next.done === true) return Buffer.concat(chunks)
      chunks.push(Uint8Array.from(next.value))
    }
  } catch (error) {
    iterator.return?.().catch(() => undefined)
    throw error
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
