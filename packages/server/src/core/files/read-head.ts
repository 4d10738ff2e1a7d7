/** The beginning of what rests here. */
import type { FileRecord } from '../../catalog/records.ts'
import { storeUnavailable } from '../../platform/store-errors.ts'
import type { CoreContext } from '../context.ts'
import { readFileBytes } from './read-file-bytes.ts'

const NEVER: AbortSignal = new AbortController().signal

/** Throws a `StoreError` if the bytes were swept meanwhile. */
export async function readHead(
  core: Pick<CoreContext, 'files'>,
  file: Pick<FileRecord, 'content' | 'size'>,
  maxBytes: number,
): Promise<Uint8Array> {
  if (file.size === 0) return new Uint8Array(0)
  const range = { start: 0, end: Math.min(maxBytes, file.size) - 1 }
  const bytes = await readFileBytes(core, file, { range, signal: NEVER })
  if (bytes === null) throw storeUnavailable('The bytes were replaced while they were looked at.')
  const pieces: Uint8Array[] = []
  for await (const piece of bytes) pieces.push(piece)
  return Buffer.concat(pieces)
}
