/** An event as it is told: over REST, in exports and to webhooks. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import { subjectOf } from '../users/user-id.ts'

export interface EventView extends Omit<EventRecord, 'at' | 'linkId' | 'keyId' | 'path'> {
  /** ISO 8601. */
  readonly at: string
  readonly link: string | null
  readonly key: string | null
  /** The `sub` of the end user who did it. */
  readonly subject: string | null
  readonly path: string | null
}

export function viewEvent(event: EventRecord): EventView {
  const { at, linkId, keyId, path, detail, ...rest } = event
  return {
    ...rest,
    detail: viewDetail(detail),
    at: new Date(at).toISOString(),
    link: linkId,
    key: keyId,
    subject: subjectOf(keyId),
    path: path === '' ? null : path,
  }
}

/** Of what a detail can hold, what is kept in milliseconds. */
const TIMES: ReadonlySet<string> = new Set(['expiresAt', 'notBefore'])

/** Times are told as everywhere; whatever else is in it stays as it is. */
function viewDetail(detail: EventRecord['detail']): EventRecord['detail'] {
  const entries = Object.entries(detail).map(([name, value]): [string, unknown] =>
    TIMES.has(name) && typeof value === 'number'
      ? [name, new Date(value).toISOString()]
      : [name, value],
  )
  return Object.fromEntries(entries)
}
