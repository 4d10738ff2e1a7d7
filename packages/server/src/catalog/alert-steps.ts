/** The words in which the catalog speaks of what looked wrong. */
import type { ChangeRights, Changed } from './catalog.ts'
import type { PlacedEvent } from './event-steps.ts'
import type { GrantRecord } from './records.ts'
import type { RecordOf } from './table.ts'
import { WATCH_RULES } from './tables/alerts.ts'
import type { alerts, watchSettings } from './tables/alerts.ts'

export { WATCH_RULES }
export type WatchRule = (typeof WATCH_RULES)[number]

export type AlertRecord = RecordOf<typeof alerts>
export type WatchSettingRecord = RecordOf<typeof watchSettings>

/** Something that was found, and the alert that it is unless one is open. */
export interface AlertDraft {
  readonly alert: AlertRecord
  /** Stops the link: the record it gets if it has none yet. */
  readonly pause: { readonly linkId: string; readonly stub: GrantRecord | null } | null
}

export interface ListAlertsQuery {
  readonly isOpen: boolean
  /** A folder, which ends in a slash; `''` for all, those without a place too. */
  readonly pathPrefix: string
  /** Only those that stand before. */
  readonly before: number | null
  readonly limit: number
}

export interface PlacedAlert {
  readonly alert: AlertRecord
  readonly position: number
}

/** Events that were not watched yet, in their order. */
export interface Unwatched {
  /** The position up to which events were watched. */
  readonly from: number
  readonly events: readonly PlacedEvent[]
}

export interface AlertCatalog {
  unwatched(limit: number): Promise<Unwatched>
  /** Opens alerts, or counts on those that are open, stops links, and notes both in the trail: one step. Those that were opened. */
  raise(drafts: readonly AlertDraft[]): Promise<readonly AlertRecord[]>
  /**
   * The same, and says how far the events were watched: for whoever watched on from there. `null` if somebody else went on meanwhile:
   * then nothing was done.
   */
  raiseWatched(
    drafts: readonly AlertDraft[],
    watched: { readonly from: number; readonly upTo: number },
  ): Promise<readonly AlertRecord[] | null>
  /** Newest first. */
  list(query: ListAlertsQuery): Promise<readonly PlacedAlert[]>
  find(id: string): Promise<AlertRecord | null>
  /** Its state after; `null` if there is none. Closing twice is fine, and noted once. */
  close(
    id: string,
    end: { readonly nowMs: number; readonly by: string },
    rights: ChangeRights | null,
  ): Changed<AlertRecord | null>
  /** Forgets those that were closed before; how many, at most `limit`. */
  forget(closedBeforeMs: number, limit: number): Promise<number>
  settings(): Promise<readonly WatchSettingRecord[]>
  putSetting(setting: WatchSettingRecord, rights: ChangeRights | null): Changed<'put'>
  /** False if there is none. */
  removeSetting(path: string, rights: ChangeRights | null): Changed<boolean>
}
