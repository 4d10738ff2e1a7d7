/** Reads a content that is made of ranges of others as if it were one: each is opened when its turn comes. */
import type { BlobReader, ByteRange } from '../../blobs/blob-store.ts'
import type { Segment } from '../../catalog/records.ts'

/** Opens a range of what a segment names. */
export type OpenSegment = (segment: Segment, range: ByteRange) => Promise<BlobReader>

/** The segments that hold `range`, each cut to what of it is asked for; `firstStart` is where the first begins. */
export function cutSegments(
  { segments, firstStart }: { segments: readonly Segment[]; firstStart: number },
  range: ByteRange,
): Segment[] {
  const cut: Segment[] = []
  let begins = firstStart
  for (const segment of segments) {
    const skipped = Math.max(0, range.start - begins)
    const length = Math.min(segment.length, range.end + 1 - begins) - skipped
    if (length > 0) cut.push({ ...segment, start: segment.start + skipped, length })
    begins += segment.length
  }
  return cut
}

/** The first of them is opened before this resolves, so that what is missing is found before anything is sent. */
export async function openSegments(
  segments: readonly Segment[],
  open: OpenSegment,
): Promise<BlobReader> {
  let next = 0
  let current: BlobReader | null = null
  let isClosed = false

  async function openNext(): Promise<BlobReader | null> {
    const segment = segments[next]
    if (segment === undefined || isClosed) return null
    next += 1
    const { start, length } = segment
    const reader = await open(segment, { start, end: start + length - 1 })
    if (isClosed) {
      await reader.close()
      return null
    }
    return reader
  }

  async function closeCurrent(): Promise<void> {
    const closing = current
    current = null
    await closing?.close()
  }

  current = await openNext()
  return {
    async readInto(buffer) {
      if (buffer.length === 0) return 0
      while (current !== null) {
        const count = await current.readInto(buffer)
        if (count > 0) return count
        await closeCurrent()
        current = await openNext()
      }
      return 0
    },
    async close() {
      isClosed = true
      await closeCurrent()
    },
  }
}
