/** The beginning of what rests here. */
import type { FileRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'

const NEVER: AbortSignal = new AbortController().signal

/** Throws a `StoreError` if the bytes were swept meanwhile. */
export async function readHead(
  core: Pick<CoreContext, 'files'>,
  file: Pick<FileRecord, 'content' | 'size'>,
  maxBytes: number,
): Promise<Uint8Array> {
  if (file.size === 0) return new Uint8Array(0)
  const end = Math.min(maxBytes, file.size) - 1
  const body = await core.files.open(file, { start: 0, end }, NEVER)
  if (body === null) throw storeUnavailable('The bytes were replaced while they were looked at.')
  if (body.kind === 'redirect') throw new Error('The tree answers with a URL where bytes are read.')
  if (body.kind === 'bytes') return body.bytes
  const head = Buffer.alloc(end + 1)
  try {
    let filled = 0
    while (filled < head.length) {
      const count = await body.reader.readInto(head.subarray(filled))
      if (count === 0) break
      filled += count
    }
    return head.subarray(0, filled)
  } finally {
    await body.reader.close()
  }
}
