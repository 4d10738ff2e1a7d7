/** Processes over one catalog on several machines. */
import { integer, table, text } from '../table.ts'

export const processes = table('processes', {
  id: text('id'),
  /** When it was heard of last. */
  seenAt: integer('seen_at'),
})

/** What a process has been reading for a while. */
export const contentHolds = table('content_holds', {
  contentId: text('content_id'),
  processId: text('process_id'),
})

/** Tasks that one process does for all. */
export const leases = table('leases', {
  task: text('task'),
  holder: text('holder'),
  endsAt: integer('ends_at'),
})
