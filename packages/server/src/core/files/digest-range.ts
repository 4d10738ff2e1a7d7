/** The digests of a range of a file, found by reading it: what a copy says of its bytes without moving them. */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { ChecksumAlgorithm, FileRecord } from '../../catalog/records.ts'
import type { CoreContext } from '../context.ts'
import type { Digests } from './checked-body.ts'
import { createChecksum } from './checksums.ts'

const READ_BYTES = 256 * 1024

/** `null` if the bytes were swept meanwhile. */
export async function digestRange(
  core: CoreContext,
  file: FileRecord,
  {
    range,
    algorithms,
    signal,
  }: {
    readonly range: ByteRange | null
    readonly algorithms: Iterable<ChecksumAlgorithm>
    readonly signal: AbortSignal
  },
): Promise<Digests | null> {
  const running = new Map([...algorithms].map((name) => [name, createChecksum(name)]))
  const body = await core.files.open(file, range, signal)
  if (body === null) return null
  if (body.kind === 'redirect') throw new Error('The tree answers with a URL where bytes are read.')
  if (body.kind === 'bytes') {
    for (const checksum of running.values()) checksum.update(body.bytes)
  } else {
    const { reader } = body
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    try {
      for (;;) {
        signal.throwIfAborted()
        const count = await reader.readInto(buffer)
        if (count === 0) break
        for (const checksum of running.values()) checksum.update(buffer.subarray(0, count))
      }
    } finally {
      await reader.close()
    }
  }
  return new Map([...running].map(([name, checksum]) => [name, checksum.digest()]))
}
