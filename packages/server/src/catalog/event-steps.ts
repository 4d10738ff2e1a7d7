/** The words in which the catalog speaks of what happened. */
import type { RecordOf } from './table.ts'
import { CHANGE_KINDS, USE_KINDS } from './tables/events.ts'
import type { events } from './tables/events.ts'

export type ChangeKind = (typeof CHANGE_KINDS)[number]
export type UseKind = (typeof USE_KINDS)[number]
export type EventRecord = RecordOf<typeof events>
export type EventKind = EventRecord['kind']
export const EVENT_KINDS: readonly EventKind[] = [...CHANGE_KINDS, ...USE_KINDS]

/** Who does something, and from where. */
export interface Actor {
  readonly keyId: string
  /** The link by which it is done, if it is by one. */
  readonly linkId: string | null
  readonly address: string
  readonly agent: string | null
}

/** A use of rights, or a refused one, as it is written. */
export type EventDraft = Omit<EventRecord, 'id' | 'kind' | 'detail'> & { readonly kind: UseKind }

export interface PlacedEvent {
  readonly event: EventRecord
  /** Where it stands among all: whatever is written later stands behind it. */
  readonly position: number
}

/** What events are asked for; `null` for any. The first of `linkId`, `path`, `keyId`, `code` that is given is looked up. */
export interface ListEventsQuery {
  readonly linkId: string | null
  /** Exactly this one. */
  readonly path: string | null
  /** Of the key: what it did, and what was done to it. */
  readonly keyId: string | null
  readonly code: string | null
  readonly kind: EventKind | null
  /** A folder, which ends in a slash; `''` for all, those without a place too. */
  readonly pathPrefix: string
  readonly sinceMs: number | null
  /** Only those that stand before. */
  readonly before: number | null
  readonly limit: number
}

export interface EventPage {
  /** Newest first. May be fewer than asked for, or none, though more follow: a page looks at a bounded number of events. */
  readonly events: readonly PlacedEvent[]
  /** What `before` must be for the next page; `null` at the end. */
  readonly nextBefore: number | null
}

/** What is let go of: uses by age and number, changes by age alone, so that no flood of requests washes the trail away. */
export interface EventRetention {
  readonly usesBeforeMs: number
  readonly changesBeforeMs: number
  /** Uses further back than so many events go, whatever their age. */
  readonly maxEvents: number
  /** At most so many of each, at a time. */
  readonly limit: number
}

export interface EventCatalog {
  /** Writes uses, in their order. */
  append(drafts: readonly EventDraft[]): Promise<void>
  list(query: ListEventsQuery): Promise<EventPage>
  /** Those behind a position, in the order in which they became visible: nothing ever appears before what was returned. */
  after(position: number, limit: number): Promise<readonly PlacedEvent[]>
  /** The position of the newest; 0 without any. */
  last(): Promise<number>
  /** How many went. */
  trim(retention: EventRetention): Promise<number>
}
