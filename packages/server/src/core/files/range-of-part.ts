/** Where a part lies in a file. What came in one piece is its own first part. */
import type { ByteRange } from '../../blobs/blob-store.ts'
import type { FileRecord } from '../../catalog/records.ts'
import { refusal } from '../errors.ts'

/** `null` for all of a file that holds nothing; of an empty part the end lies before the start. Throws `part-not-satisfiable`. */
export function rangeOfPart(
  { size, partSizes }: Pick<FileRecord, 'size' | 'partSizes'>,
  number: number,
): ByteRange | null {
  const sizes = partSizes.length === 0 ? [size] : partSizes
  const length = sizes[number - 1]
  if (length === undefined) throw refusal('part-not-satisfiable', { number, count: sizes.length })
  if (size === 0) return null
  const start = sizes.slice(0, number - 1).reduce((sum, before) => sum + before, 0)
  return { start, end: start + length - 1 }
}
