/**
 * Reads the bytes of an object as they come from a store. A connection that breaks, or that the store closed on a slow reader, is made anew
 * from where it broke, as long as something came of the one before. Fewer or more bytes than were asked for are never taken for all of them.
 */
import type { Readable } from 'node:stream'
import type { BlobReader } from '../../blobs/blob-store.ts'
import { StoreError, storeCorrupt } from '../../platform/store-errors.ts'
import { dropBody } from './store-answer.ts'
import { unreachable } from './store-faults.ts'

export interface Answering {
  /** For people. */
  readonly store: string
  /** Of the object; `end` is exclusive. */
  readonly start: number
  readonly end: number
  readonly body: Readable
  /** The same bytes of the same object from there on. */
  readonly reopen: (start: number) => Promise<Readable>
  readonly signal: AbortSignal
}

export function createAnswerReader({ store, start, end, reopen, ...from }: Answering): BlobReader {
  let { body } = from
  let chunks = chunksOf(body)
  let chunk: Uint8Array = new Uint8Array(0)
  let position = start
  let reopenedAt = -1
  let isClosed = false

  async function nextChunk(): Promise<Uint8Array> {
    for (;;) {
      try {
        const next = await chunks.next()
        if (next.done !== true) return next.value
        throw storeCorrupt(`${store} sent ${position - start} bytes in place of ${end - start}.`)
      } catch (error) {
        from.signal.throwIfAborted()
        if (error instanceof StoreError) throw error
        // Nothing came since the last time: it would go on for ever.
        if (isClosed || reopenedAt === position) throw unreachable(store, error)
        reopenedAt = position
        body = await reopen(position)
        chunks = chunksOf(body)
        if (isClosed) dropBody(body)
      }
    }
  }

  return {
    async readInto(buffer) {
      if (position === end) return 0
      while (chunk.length === 0) chunk = await nextChunk()
      const count = Math.min(chunk.length, buffer.length)
      if (chunk.length > end - position) {
        throw storeCorrupt(`${store} sent more bytes than were asked for.`)
      }
      buffer.set(chunk.subarray(0, count))
      chunk = chunk.subarray(count)
      position += count
      return count
    },
    close() {
      isClosed = true
      dropBody(body)
      return Promise.resolve()
    },
  }
}

function chunksOf(body: Readable): AsyncIterator<Uint8Array> {
  return (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
}
