/** An event as it is told: over REST, in exports and to webhooks. */
import type { EventRecord } from '../../catalog/event-steps.ts'

export interface EventView extends Omit<EventRecord, 'at' | 'linkId' | 'keyId' | 'path'> {
  /** ISO 8601. */
  readonly at: string
  readonly link: string | null
  readonly key: string | null
  readonly path: string | null
}

export function viewEvent(event: EventRecord): EventView {
  const { at, linkId, keyId, path, ...rest } = event
  return {
    ...rest,
    at: new Date(at).toISOString(),
    link: linkId,
    key: keyId,
    path: path === '' ? null : path,
  }
}
