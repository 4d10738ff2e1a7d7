/** The bytes of what rests here, for whoever looks at them without sending them anywhere. */
import type { BlobReader, ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'

const READ_BYTES = 256 * 1024

export interface BytesWanted {
  /** `null` for all of it. */
  readonly range: ByteRange | null
  readonly signal: AbortSignal
}

/** In order, each piece in memory of its own or not to be changed; `null` if they were swept meanwhile. */
export async function readFileBytes(
  core: Pick<CoreContext, 'files'>,
  file: Pick<FileRecord, 'content' | 'size'>,
  { range, signal }: BytesWanted,
): Promise<AsyncIterable<Uint8Array> | null> {
  const body = await core.files.open(file, range, signal)
  if (body === null) return null
  if (body.kind === 'redirect') throw new Error('The tree answers with a URL where bytes are read.')
  return body.kind === 'bytes' ? only(body.bytes) : readThrough(body.reader, signal)
}

async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Whoever has begun to read must end it, so that the reader is closed. */
async function* readThrough(reader: BlobReader, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      signal.throwIfAborted()
      const piece = Buffer.allocUnsafeSlow(READ_BYTES)
      const count = await reader.readInto(piece)
      if (count === 0) return
      yield piece.subarray(0, count)
    }
  } finally {
    await reader.close()
  }
}
