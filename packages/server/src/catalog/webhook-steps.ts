/** The words in which the catalog speaks of webhooks. */
import type { ChangeRights, Changed } from './catalog.ts'
import type { EventRecord } from './event-steps.ts'
import type { RecordOf } from './table.ts'
import type { deliveries, webhooks } from './tables/webhooks.ts'

export type WebhookRecord = RecordOf<typeof webhooks>
export type DeliveryRecord = RecordOf<typeof deliveries>
export type DeliveryState = DeliveryRecord['state']

export interface PlacedDelivery {
  readonly delivery: DeliveryRecord
  readonly position: number
}

export interface ListDeliveriesQuery {
  readonly webhookId: string
  readonly state: DeliveryState | null
  /** Only those that stand before. */
  readonly before: number | null
  readonly limit: number
}

/** How an attempt ended: `nextAt` while it waits for another one. */
export interface DeliveryOutcome extends Pick<
  DeliveryRecord,
  'id' | 'state' | 'nextAt' | 'endedAt' | 'lastStatus' | 'lastFault'
> {
  /** The `nextAt` for which it was tried. */
  readonly dueAt: number
}

export interface Spread {
  /** How many events were looked at; fewer than the limit says that there are no more. */
  readonly events: number
  /** Messages that were not made, because too many of their webhook waited. */
  readonly skipped: number
}

export interface SpreadOptions {
  readonly limit: number
  /** Of one webhook at most so many wait. */
  readonly maxWaiting: number
}

export interface WebhookCatalog {
  list(): Promise<readonly WebhookRecord[]>
  find(id: string): Promise<WebhookRecord | null>
  /** `too-many`: there are `most` already. */
  insert(
    webhook: WebhookRecord,
    most: number,
    rights: ChangeRights | null,
  ): Changed<'inserted' | 'too-many'>
  /** Its new state, which `change` makes of the one in the transaction, perhaps more than once; `null` if there is none. */
  change(
    id: string,
    change: (webhook: WebhookRecord) => WebhookRecord,
    rights: ChangeRights | null,
  ): Changed<WebhookRecord | null>
  /** With everything that is still to be told. False if there is none. */
  remove(id: string, rights: ChangeRights | null): Changed<boolean>
  /**
   * Makes messages of the events behind those it was called for before. Events and messages are in one database, and how far it came
   * is written with them: of each event every webhook is told once, whatever crashes.
   */
  spread(
    choose: (event: EventRecord, webhooks: readonly WebhookRecord[]) => readonly DeliveryRecord[],
    options: SpreadOptions,
  ): Promise<Spread>
  /** Those of a webhook whose time has come, the longest due first. */
  due(webhookId: string, nowMs: number, limit: number): Promise<readonly DeliveryRecord[]>
  /**
   * Writes down how attempts ended, and counts them. A message that was to be sent again meanwhile is as due as it was: the attempt
   * may have begun before.
   */
  settle(outcomes: readonly DeliveryOutcome[]): Promise<void>
  /** Newest first. */
  deliveries(query: ListDeliveriesQuery): Promise<readonly PlacedDelivery[]>
  /** Is due again at once, with all its attempts before it; its new state, `null` if the webhook has none with this id. */
  resend(
    message: { readonly webhookId: string; readonly id: string; readonly nowMs: number },
    rights: ChangeRights | null,
  ): Changed<DeliveryRecord | null>
  /** Forgets those that ended before; how many, at most `limit`. */
  forget(endedBeforeMs: number, limit: number): Promise<number>
}
