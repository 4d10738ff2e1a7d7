/** Writes an archive while it is read: at any moment one file is open, and nothing is kept of what has left but a CRC and a place. */
import { crc32 } from 'node:zlib'
import type { BlobReader } from '../../../blobs/blob-store.ts'
import { centralHeader, dataDescriptor, endRecords, localHeader } from './zip-records.ts'
import type { PlacedEntry, ZipEntry } from './zip-records.ts'

/** Opens what an entry holds. Its bytes must be as many as the entry says. */
export type OpenEntry<Entry extends ZipEntry> = (entry: Entry) => Promise<BlobReader>

/** What `zipSize` says is how many bytes come. Throws what `open` throws, and where a file has become another. */
export function createZipSource<Entry extends ZipEntry>(
  entries: readonly Entry[],
  open: OpenEntry<Entry>,
): BlobReader {
  const pieces = writePieces(entries, open)
  let left: Uint8Array = new Uint8Array(0)

  return {
    async readInto(buffer) {
      let filled = 0
      while (filled < buffer.byteLength) {
        if (left.byteLength > 0) {
          const count = Math.min(left.byteLength, buffer.byteLength - filled)
          buffer.set(left.subarray(0, count), filled)
          left = left.subarray(count)
          filled += count
          continue
        }
        const next = await pieces.next(buffer.subarray(filled))
        if (next.done === true) break
        if (typeof next.value === 'number') filled += next.value
        else left = next.value
      }
      return filled
    },
    close: async () => {
      await pieces.return()
    },
  }
}

/**
 * What comes next: a record, or the number of bytes of a file that were read into the room that came with `next`. A file is read
 * where it is to be sent from, and copied nowhere.
 */
async function* writePieces<Entry extends ZipEntry>(
  entries: readonly Entry[],
  open: OpenEntry<Entry>,
): AsyncGenerator<Uint8Array | number, void, Uint8Array> {
  const placed: Pick<PlacedEntry, 'crc' | 'offset'>[] = []
  let offset = 0
  for (const entry of entries) {
    const header = localHeader(entry)
    const begin = offset
    let room = yield header
    let crc = 0
    const reader = await open(entry)
    try {
      let size = 0
      for (;;) {
        const count = await reader.readInto(room)
        if (count === 0) break
        crc = crc32(room.subarray(0, count), crc)
        size += count
        if (size > entry.size) break
        room = yield count
      }
      if (size !== entry.size) throw new Error('A file of the archive has become another one.')
    } finally {
      await reader.close()
    }
    const descriptor = dataDescriptor(entry, crc)
    yield descriptor
    placed.push({ crc, offset: begin })
    offset += header.byteLength + entry.size + descriptor.byteLength
  }
  let size = 0
  for (const [index, entry] of entries.entries()) {
    const { crc, offset: begin } = placed[index] ?? { crc: 0, offset: 0 }
    const header = centralHeader({ ...entry, crc, offset: begin })
    size += header.byteLength
    yield header
  }
  yield endRecords({ count: entries.length, offset, size })
}
