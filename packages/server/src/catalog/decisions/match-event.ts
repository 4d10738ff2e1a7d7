/** Whether an event is one of those that were asked for. */
import type { EventRecord, ListEventsQuery } from '../event-steps.ts'

export type EventFilter = Omit<ListEventsQuery, 'before' | 'limit'>

export function matchesEvent(event: EventRecord, filter: EventFilter): boolean {
  const { linkId, path, keyId, code, kind, pathPrefix, sinceMs } = filter
  return (
    (linkId === null || event.linkId === linkId) &&
    (path === null || event.path === path) &&
    (keyId === null || event.keyId === keyId || event.target === keyId) &&
    (code === null || event.code === code) &&
    (kind === null || event.kind === kind) &&
    event.path.startsWith(pathPrefix) &&
    (sinceMs === null || event.at >= sinceMs)
  )
}

/** Uses are written a moment late, and while the catalog is busy later: what stands this much before is behind a moment. */
const LATE_MS = 60_000

/** True if nothing that stands before `event` can be of the time asked for. */
export function isBehind(event: Pick<EventRecord, 'at'>, { sinceMs }: EventFilter): boolean {
  return sinceMs !== null && event.at < sinceMs - LATE_MS
}
