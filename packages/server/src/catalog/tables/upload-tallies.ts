/** How much each key has open, so that the bound is one look-up. */
import { integer, table, text } from '../table.ts'

export const uploadTallies = table('upload_tallies', {
  createdBy: text('created_by'),
  uploads: integer('uploads'),
  /** Of all their parts. */
  bytes: integer('bytes'),
})
