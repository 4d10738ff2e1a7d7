/** What is known of the blobs themselves, beside the contents that they are. */
import { integer, oneOf, table, text } from '../table.ts'

/** `missing`: there is none, or a shorter one, or its bytes cannot be read. `changed`: it has other bytes. */
export const BLOB_FAULTS = ['missing', 'changed'] as const

/** Blobs that are not what they were: nothing of them is given out. */
export const damagedBlobs = table('damaged_blobs', {
  contentId: text('content_id'),
  fault: oneOf('fault', BLOB_FAULTS),
  foundAt: integer('found_at'),
})

/** How far the reading of all blobs has come; one row, once there was a round. */
export const scrubRound = table('scrub_round', {
  beganAt: integer('began_at'),
  /** Of the last content that was read. */
  position: integer('position'),
  /** What was read, and what there was when the round began, in the measure of jobs/scrub-blobs.ts. */
  done: integer('done'),
  whole: integer('whole'),
})
