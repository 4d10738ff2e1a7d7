/** What folders with a quota hold. */
import { integer, table, text, textOrNull } from '../table.ts'

export const folderUsage = table('folder_usage', {
  /** As in `folders`. */
  path: text('path'),
  bucket: text('bucket'),
  /** The keys it holds begin here, and end before the second. */
  prefix: text('prefix'),
  prefixEnd: textOrNull('prefix_end'),
  /** Of all versions, and of the parts of uploads that are open. */
  bytes: integer('bytes'),
  /** Of names that are there. */
  files: integer('files'),
})
