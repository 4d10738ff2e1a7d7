/** The body of a part: held in memory while it is small, so that it can be sent again, and passed through where it is not. */
import { forEachChunk } from '../../platform/for-each-chunk.ts'
import { storeConflict } from '../../platform/store-errors.ts'
import { createPartBuffer } from './part-buffer.ts'
import type { PartBuffer } from './part-buffer.ts'
import type { CallBody } from './sending-body.ts'

export type PartBody = CallBody & { readonly kind: 'bytes' | 'stream' }

interface PartSize {
  readonly size: number
  readonly signal: AbortSignal
}

const HELD_BYTES = 16 * 1024 * 1024

export async function withPartBody<Result>(
  chunks: AsyncIterable<Uint8Array>,
  { size, signal }: PartSize,
  send: (body: PartBody) => Promise<Result>,
): Promise<Result> {
  if (size > HELD_BYTES) return send({ kind: 'stream', chunks, size })
  const held = createPartBuffer(size)
  try {
    await gather(held, chunks, { size, signal })
    return await send({ kind: 'bytes', bytes: held.bytes() })
  } finally {
    held.release()
  }
}

async function gather(
  buffer: PartBuffer,
  chunks: AsyncIterable<Uint8Array>,
  { size, signal }: PartSize,
): Promise<void> {
  await forEachChunk(chunks, signal, (chunk) => {
    if (buffer.add(chunk).length > 0) throw storeConflict('A part has more bytes than were said.')
    return undefined
  })
  if (buffer.size < size) throw storeConflict('A part has fewer bytes than were said.')
}
