/** What versions and parts hold. A content is shared by counting: `refs` says how many hold it. */
import { partChecksums } from './checksums.ts'
import { bytesOrNull, integer, oneOf, table, text, textOrNull } from '../table.ts'

export const CONTENT_KINDS = ['inline', 'blob', 'segments'] as const
/** A part may lie in a store of somebody else, which no row counts. */
export const PART_KINDS = [...CONTENT_KINDS, 'stored'] as const
/** Kinds that are bytes themselves, not ranges of others. */
const BYTE_KINDS = ['inline', 'blob'] as const

export const contents = table('contents', {
  /** A blob's is its id in the blob store. */
  id: text('id'),
  kind: oneOf('kind', CONTENT_KINDS),
  /** Versions and parts that hold it, and segments that name it; of what is on the sweep list it says nothing. */
  refs: integer('refs'),
  size: integer('size'),
  /** Of the kind `inline`. */
  bytes: bytesOrNull('bytes'),
  /** Of a file that came in parts with a checksum each: not read with its row, for there may be ten thousand. */
  partChecksums: partChecksums('part_checksums'),
  /** Of the kind `blob`: what its bytes hash to, in base64; `null` until somebody has read it. */
  sha256: textOrNull('sha256'),
})

export const segments = table('segments', {
  contentId: text('content_id'),
  /** Where in the content it begins, so that a range of a long one is found without reading the rest. */
  begins: integer('begins'),
  partId: text('part_id'),
  kind: oneOf('kind', BYTE_KINDS),
  start: integer('start'),
  length: integer('length'),
})

export const sweepList = table('sweep_list', {
  contentId: text('content_id'),
  kind: oneOf('kind', BYTE_KINDS),
  queuedAt: integer('queued_at'),
})
