/** The bytes of a version, wherever they rest: small ones from memory, others as a reader. */
import type { BlobReader, ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord, Segment } from '../../catalog/records.ts'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { FileBody } from '../file-tree.ts'
import { MAX_CACHED_BYTES } from './content-cache.ts'
import { cutSegments, openSegments } from './segment-reader.ts'
import type { ManagedStores } from './stores.ts'

type Stores = Pick<ManagedStores, 'catalog' | 'blobs' | 'cache' | 'holds' | 'damaged'>

/**
 * `null` if it was swept meanwhile. Rejects with a StoreError before the first byte if a blob of it is known to be damaged. What memory has
 * of the catalog is there without waiting.
 */
export function openContent(
  stores: Stores,
  file: Pick<FileRecord, 'content' | 'size'>,
  range: ByteRange | null,
  signal: AbortSignal,
): FileBody | null | Promise<FileBody | null> {
  const { kind, contentId } = file.content
  const known = kind === 'inline' ? stores.cache.get(contentId) : undefined
  return known === undefined ? readContent(stores, file, range, signal) : cutBytes(known, range)
}

async function readContent(
  stores: Stores,
  file: Pick<FileRecord, 'content' | 'size'>,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<FileBody | null> {
  if (file.content.kind !== 'inline' && file.size > MAX_CACHED_BYTES) {
    const reader = await openReader(stores, file, range, signal)
    return reader === null ? null : { kind: 'reader', reader }
  }
  const { kind, contentId } = file.content
  // Also of what memory still has whole: each process would answer as it happens to remember.
  if (kind === 'blob') stores.damaged.requireWhole(contentId)
  const bytes = stores.cache.get(contentId) ?? (await load(stores, file, signal))
  return bytes === null ? null : cutBytes(bytes, range)
}

function cutBytes(bytes: Uint8Array, range: ByteRange | null): FileBody {
  return {
    kind: 'bytes',
    bytes: range === null ? bytes : bytes.subarray(range.start, range.end + 1),
  }
}

async function load(
  stores: Stores,
  file: Pick<FileRecord, 'content' | 'size'>,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { kind, contentId } = file.content
  const bytes =
    kind === 'inline'
      ? await stores.catalog.contents.readInline(contentId)
      : await readWhole(await openReader(stores, file, null, signal), file.size)
  if (bytes === null) return null
  if (bytes.length !== file.size) throw storeCorrupt(`Content ${contentId} does not have its size.`)
  stores.cache.set(contentId, bytes)
  return bytes
}

/** Reads on past `size`, so that a body that is too long does not pass for a whole one. */
async function readWhole(reader: BlobReader | null, size: number): Promise<Uint8Array | null> {
  if (reader === null) return null
  const bytes = Buffer.allocUnsafeSlow(size + 1)
  try {
    let filled = 0
    while (filled < bytes.length) {
      const count = await reader.readInto(bytes.subarray(filled))
      if (count === 0) break
      filled += count
    }
    return bytes.subarray(0, filled)
  } finally {
    await reader.close()
  }
}

async function openReader(
  stores: Stores,
  { content, size }: Pick<FileRecord, 'content' | 'size'>,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<BlobReader | null> {
  if (content.kind === 'blob') {
    stores.damaged.requireWhole(content.contentId)
    const open = (): Promise<BlobReader> => stores.blobs.open(content.contentId, range, signal)
    return openHeld(stores, [content.contentId], open)
  }
  const asked = range ?? { start: 0, end: size - 1 }
  const found = await stores.catalog.contents.segments(content.contentId, asked)
  if (found === null) return null
  const segments = cutSegments(found, asked)
  const parts = segments.map(({ contentId }) => contentId)
  for (const contentId of parts) stores.damaged.requireWhole(contentId)
  return openHeld(stores, parts, () =>
    openSegments(segments, (segment, part) => openSegment(stores, segment, part, signal)),
  )
}

/** Nothing of `contentIds` is swept until the reader is closed. */
async function openHeld(
  { holds }: Stores,
  contentIds: readonly string[],
  open: () => Promise<BlobReader>,
): Promise<BlobReader> {
  const release = holds.hold(contentIds)
  try {
    const reader = await open()
    return {
      readInto: (buffer) => reader.readInto(buffer),
      close: () => reader.close().finally(release),
    }
  } catch (error) {
    release()
    throw error
  }
}

async function openSegment(
  { catalog, blobs }: Stores,
  { kind, contentId }: Segment,
  range: ByteRange,
  signal: AbortSignal,
): Promise<BlobReader> {
  signal.throwIfAborted()
  if (kind === 'blob') return blobs.open(contentId, range, signal)
  const bytes = await catalog.contents.readInline(contentId)
  if (bytes === null) throw storeCorrupt(`Content ${contentId} is gone while a file holds it.`)
  return readBytes(bytes.subarray(range.start, range.end + 1))
}

function readBytes(bytes: Uint8Array): BlobReader {
  let position = 0
  return {
    readInto(buffer) {
      const piece = bytes.subarray(position, position + buffer.length)
      buffer.set(piece)
      position += piece.length
      return Promise.resolve(piece.length)
    },
    close: () => Promise.resolve(),
  }
}
