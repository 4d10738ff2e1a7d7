/** What the catalog knows of the installation that it belongs to. */
import { integer, table, text, textOrNull } from '../table.ts'

export const installation = table('installation', {
  /** 1: there is one row. */
  only: integer('only'),
  /** Random, and never another. */
  id: text('id'),
  /** The name of the store that blobs rest in; `null`: the data directory. */
  blobs: textOrNull('blobs'),
})
