/** Which webhooks are told of an event, and in which words. */
import type { EventRecord } from '../../catalog/event-steps.ts'
import type { DeliveryRecord, WebhookRecord } from '../../catalog/webhook-steps.ts'
import { createOrderedId } from '../../platform/ids.ts'
import type { CoreContext } from '../context.ts'
import { viewEvent } from '../events/view-event.ts'

/** Nothing that happened before a webhook was made, or while it was off. */
export function makeMessages(
  { clock, random }: Pick<CoreContext, 'clock' | 'random'>,
  event: EventRecord,
  webhooks: readonly WebhookRecord[],
): readonly DeliveryRecord[] {
  const nowMs = clock.now()
  return webhooks
    .filter((webhook) => isTold(webhook, event))
    .map((webhook) => ({
      id: createOrderedId(clock, random, 'msg_'),
      webhookId: webhook.id,
      eventId: event.id,
      kind: event.kind,
      payload: formatPayload(event),
      state: 'waiting',
      attempts: 0,
      nextAt: nowMs,
      createdAt: nowMs,
      endedAt: null,
      lastStatus: null,
      lastFault: null,
    }))
}

function isTold(
  { kinds, pathPrefix, createdAt, disabledAt }: WebhookRecord,
  event: EventRecord,
): boolean {
  return (
    disabledAt === null &&
    event.at >= createdAt &&
    kinds.includes(event.kind) &&
    event.path.startsWith(pathPrefix)
  )
}

function formatPayload(event: EventRecord): string {
  const { kind, at, ...data } = viewEvent(event)
  return JSON.stringify({ type: kind, timestamp: at, data })
}
