/** The bytes of the very object that was found: of one that has taken its place nothing is read. */
import type { BlobReader, ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { isConflict, storeCorrupt, storeUnavailable } from '../../platform/store-errors.ts'
import type { FileBody } from '../file-tree.ts'
import type { Mount } from './mount.ts'
import { placeOfContent } from './stored-ids.ts'

/** `null` if it is gone. Throws a `StoreUnavailable` if it was replaced meanwhile: asked for again, the new one is found. */
export async function openStored(
  { store }: Pick<Mount, 'store'>,
  { content, size }: Pick<FileRecord, 'content' | 'size'>,
  range: ByteRange | null,
  signal: AbortSignal,
): Promise<FileBody | null> {
  const place = placeOfContent(content.contentId)
  if (place === null) return null
  if (size === 0) return { kind: 'bytes', bytes: new Uint8Array(0) }
  const { key, etag } = place
  const opened = await unlessReplaced(store.open(key, { range, etag, signal }))
  if (opened === null) return null
  const { reader } = opened
  return { kind: 'reader', reader: range === null ? requireSize(reader, size) : reader }
}

async function unlessReplaced<Opened>(opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening
  } catch (error) {
    if (!isConflict(error)) throw error
    throw storeUnavailable('The object was replaced while it was opened.', error)
  }
}

/** What was announced to the client is its size as it was found. */
function requireSize(reader: BlobReader, size: number): BlobReader {
  let left = size
  return {
    async readInto(buffer) {
      const count = await reader.readInto(buffer)
      left -= count
      const isOther = left < 0 || (count === 0 && buffer.length > 0 && left > 0)
      if (isOther) throw storeCorrupt('The object in the store does not have its size.')
      return count
    },
    close: () => reader.close(),
  }
}
