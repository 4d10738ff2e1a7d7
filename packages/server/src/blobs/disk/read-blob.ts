/** Opens one blob, or a range of it. Links are not followed, and a blob shorter than asked is found before the first byte. */
import { constants } from 'node:fs'
import { storeCorrupt } from '../../platform/store-errors.ts'
import type { BlobReader, ByteRange } from '../blob-store.ts'
import type { BlobPlace } from './blob-places.ts'
import { toDiskError } from './disk-error.ts'
import type { FileCalls } from './file-calls.ts'

/** Without blocking: a pipe planted in a blob's place would hold the thread that opens it. */
const READ: number = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

export async function openBlob(
  calls: FileCalls,
  { blobId, path }: BlobPlace,
  range: ByteRange | null,
): Promise<BlobReader> {
  const fd = await calls.open(path, READ, 0)
  try {
    const found = calls.stat(fd)
    if (!found.isFile()) throw storeCorrupt(`Blob ${blobId} is not a file.`)
    const end = range === null ? found.size : range.end + 1
    if (end > found.size) throw storeCorrupt(`Blob ${blobId} is shorter than it was.`)
    return createReader(calls, fd, { blobId, start: range?.start ?? 0, end })
  } catch (error) {
    await calls.close(fd)
    throw error
  }
}

interface Span {
  readonly blobId: string
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

function createReader(calls: FileCalls, fd: number, { blobId, start, end }: Span): BlobReader {
  let position = start
  let closing: Promise<void> | null = null
  return {
    async readInto(buffer) {
      const length = Math.min(buffer.length, end - position)
      if (length === 0) return 0
      try {
        const count = await calls.read(fd, buffer, length, position)
        if (count === 0) throw storeCorrupt(`Blob ${blobId} is shorter than it was.`)
        position += count
        return count
      } catch (error) {
        throw toDiskError(error, blobId)
      }
    },
    close() {
      closing ??= calls.close(fd)
      return closing
    },
  }
}
