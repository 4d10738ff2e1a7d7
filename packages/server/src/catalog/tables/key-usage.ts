/** What keys with a quota have stored. */
import { integer, table, text } from '../table.ts'

export const keyUsage = table('key_usage', {
  keyId: text('key_id'),
  /** Of all versions, and of the parts of uploads that are open. */
  bytes: integer('bytes'),
  /** Of names that are there. */
  files: integer('files'),
})
