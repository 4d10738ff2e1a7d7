/** Writes a stream of chunks to a descriptor in large pieces: one piece is on its way to the disk while the next one gathers. */
import type { FileCalls } from './file-calls.ts'
import { SYNCED_BYTES } from './sync-ahead.ts'
import type { SyncAhead } from './sync-ahead.ts'

export interface ChunkWriter {
  /** Resolves when there is room for more. The chunk belongs to the writer, which gives its memory back. */
  add(chunk: Uint8Array): Promise<void> | undefined
  /** Writes what is left; resolves to the number of bytes written, the last of them not synced yet. */
  finish(): Promise<number>
  /** Resolves when neither a write nor a sync is under way any more, whatever became of it. */
  idle(): Promise<void>
}

const PIECE_BYTES = 256 * 1024
/** Far below what a single vectored write may take. */
const PIECE_CHUNKS = 256
/** Smaller chunks weigh nothing. */
const RELEASED_BYTES = 4096

export function createChunkWriter(calls: FileCalls, ahead: SyncAhead, fd: number): ChunkWriter {
  let gathered: Uint8Array[] = []
  let gatheredBytes = 0
  let position = 0
  let writing: Promise<void> = Promise.resolve()
  let syncedTo = 0
  /** The sync that began last; those before it are over. */
  let syncing: Promise<void> = Promise.resolve()
  let syncFault: { readonly error: unknown } | null = null

  async function flush(): Promise<void> {
    await writing
    requireSynced()
    if (position - syncedTo >= SYNCED_BYTES) syncSome()
    const piece = gathered
    const start = position
    position += gatheredBytes
    gathered = []
    gatheredBytes = 0
    writing = writeAll(calls, fd, piece, start)
    // The next flush reports it.
    writing.catch(() => undefined)
  }

  function syncSome(): void {
    const begun = ahead.begin(fd)
    if (begun === undefined) return
    syncedTo = position
    syncing = begun.catch((error: unknown) => {
      syncFault ??= { error }
    })
  }

  /** What a sync met once is told by no later one. */
  function requireSynced(): void {
    if (syncFault !== null) throw syncFault.error
  }

  return {
    add(chunk) {
      if (chunk.length === 0) return undefined
      gathered.push(chunk)
      gatheredBytes += chunk.length
      const isFull = gatheredBytes >= PIECE_BYTES || gathered.length >= PIECE_CHUNKS
      return isFull ? flush() : undefined
    },
    async finish() {
      if (gathered.length > 0) await flush()
      await writing
      await syncing
      requireSynced()
      return position
    },
    async idle() {
      await Promise.allSettled([writing, syncing])
    },
  }
}

async function writeAll(
  calls: FileCalls,
  fd: number,
  piece: readonly Uint8Array[],
  start: number,
): Promise<void> {
  let left = piece
  let position = start
  while (left.length > 0) {
    const written = await calls.write(fd, left, position)
    position += written
    left = skip(left, written)
  }
  for (const chunk of piece) release(chunk)
}

/**
 * Frees the memory now. Left to the garbage collector, the chunks of a large body count as pressure from outside its
 * heap and start a full collection every few dozen MiB: a quarter of the time an upload takes.
 */
function release({ buffer, byteLength }: Uint8Array): void {
  // A view of something larger, such as Node's pool, is not ours to free.
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
  if (isWhole && byteLength >= RELEASED_BYTES) buffer.transfer(0)
}

function skip(chunks: readonly Uint8Array[], count: number): readonly Uint8Array[] {
  let toSkip = count
  for (const [at, chunk] of chunks.entries()) {
    if (toSkip < chunk.length) return [chunk.subarray(toSkip), ...chunks.slice(at + 1)]
    toSkip -= chunk.length
  }
  return []
}
