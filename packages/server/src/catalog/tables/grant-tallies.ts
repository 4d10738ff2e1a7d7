/** How many links of each key and end user are filed as open, so that the bound is one look-up. */
import { integer, table, text } from '../table.ts'

export const grantTallies = table('grant_tallies', {
  createdBy: text('created_by'),
  /** Those that were open when they were last counted, and all that were made since. */
  atMost: integer('at_most'),
})
