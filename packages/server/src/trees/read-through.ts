/** What a reader gives, to its end, in chunks whose memory belongs to whoever takes them. Closes the reader, however it ends. */
import type { BlobReader } from '../blobs/blob-store.ts'

const READ_BYTES = 256 * 1024

export async function* readThrough(reader: BlobReader): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const chunk = new Uint8Array(READ_BYTES)
      const count = await reader.readInto(chunk)
      if (count === 0) return
      yield count === chunk.length ? chunk : chunk.subarray(0, count)
    }
  } finally {
    await reader.close()
  }
}
